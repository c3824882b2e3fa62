import { Inject, Injectable } from '@nestjs/common';
import { RollupChecks, type CheckedSeries } from '../candles/rollup-checks.js';
import { Clock } from '../common/clock.js';
import { Instruments } from './instruments.js';

const READ_WITHIN_MS = 500;

/** How far rollups are, and what their comparison with collected candles has found. Of the whole database. */
@Injectable()
export class RollupMetrics {
  constructor(
    @Inject(Instruments) private readonly instruments: Instruments,
    @Inject(RollupChecks) private readonly checks: RollupChecks,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    instruments.gauges(
      'rollup_unbuilt_series',
      'Series of minutes whose older candles are not rolled up yet',
      [],
      async () => (await this.soon(checks.unbuilt().then((count) => [count]))).map((count) => [{}, count]),
    );
    this.ofChecks(
      'rollup_check_compared_candles',
      'Collected candles compared with the rollup of their minutes in this pass',
      ({ compared }) => compared,
    );
    this.ofChecks(
      'rollup_check_different_candles',
      'Those of them that differ from it',
      ({ different }) => different,
    );
  }

  private ofChecks(name: string, help: string, value: (check: CheckedSeries) => number): void {
    this.instruments.gauges(name, help, ['exchange', 'symbol', 'interval'], async () =>
      (await this.soon(this.checks.list())).map((check) => {
        const { exchange, symbol, interval } = check;
        return [{ exchange, symbol, interval }, value(check)] as const;
      }),
    );
  }

  /** Nothing where the database does not answer: the other figures are wanted all the more then. */
  private soon<T>(read: Promise<T[]>): Promise<T[]> {
    const tooLate = new Promise<T[]>((resolve) => void this.clock.after(READ_WITHIN_MS, () => resolve([])));
    return Promise.race([read.catch(() => []), tooLate]);
  }
}
