import { Inject, Injectable } from '@nestjs/common';
import { CandleStore } from '../candles/candle-store.js';
import { CANDLE_FAULTS } from '../candles/soundness.js';
import { Config } from '../config/config.js';
import { Instruments } from './instruments.js';

/** What exchanges sent and is no candle: in a process that collects. */
@Injectable()
export class QuarantineMetrics {
  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(CandleStore) store: CandleStore,
    @Inject(Config) { markets }: Config,
  ) {
    const counter = instruments.counter(
      'candles_quarantined_total',
      'Rows of an exchange that were put into quarantine instead of being stored',
      ['exchange', 'reason'],
    );
    for (const exchange of new Set(markets.map((market) => market.exchange))) {
      for (const reason of CANDLE_FAULTS) counter.inc({ exchange, reason }, 0);
    }
    store.rejections.observe(({ series: { exchange }, rejected }) => {
      for (const { reason } of rejected) counter.inc({ exchange, reason });
    });
  }
}
