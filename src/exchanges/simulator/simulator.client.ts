import { Inject, Injectable } from '@nestjs/common';
import type { Candle } from '../../candles/candle.js';
import { Clock } from '../../common/clock.js';
import { decimalStep } from '../../common/decimal.js';
import { firstOpenTimeFrom, stepOpenTime, type Interval } from '../../common/interval.js';
import { nextTurn } from '../../common/turns.js';
import { ExchangeClient, type CandlePage, type CandleRequest, type Market } from '../exchange-client.js';
import { ExchangeError } from '../exchange-errors.js';
import { MINUTE, MinuteWalk } from './minute-walk.js';
import { SIMULATED_MARKETS, type SimulatedMarket } from './simulated-market.js';
import { joinTicks, toCandle, type TickCandle } from './tick-candle.js';

/** What it is called in `CRYPTOFLOW_MARKETS`. */
export const SIMULATOR = 'simulator';

/** 1 January 2017, UTC. No candle opens before it. */
export const SIMULATION_START = 1_483_228_800_000;

const MAX_PAGE = 1000;
/** A page of a long interval is made of at most about this many minutes: a month, with some room. */
const MINUTES_PER_PAGE = 45_000;
/** Minutes simulated before the event loop gets its turn: about a millisecond of work. */
const MINUTES_PER_TURN = 250;

/**
 * An exchange that needs no network: endless, gapless, reproducible candles that look like a market's. The same market
 * and minute give the same candle in every process and on every machine; longer intervals are exact sums of the minutes.
 */
@Injectable()
export class SimulatorClient extends ExchangeClient {
  readonly id = SIMULATOR;
  readonly concurrency = 4;

  constructor(@Inject(Clock) private readonly clock: Clock) {
    super();
  }

  async markets(signal?: AbortSignal): Promise<readonly Market[]> {
    signal?.throwIfAborted();
    return SIMULATED_MARKETS.map(({ symbol, base, quote, active, priceDecimals, volumeDecimals }) => ({
      symbol,
      base,
      quote,
      active,
      tickSize: decimalStep(priceDecimals),
      stepSize: decimalStep(volumeDecimals),
    }));
  }

  pageSize(_symbol: string, interval: Interval): number {
    const minutes = (stepOpenTime(interval, SIMULATION_START, 1) - SIMULATION_START) / MINUTE;
    return Math.min(MAX_PAGE, Math.floor(MINUTES_PER_PAGE / minutes));
  }

  async fetchCandles({ symbol, interval, from, to, signal }: CandleRequest): Promise<CandlePage> {
    const market = findMarket(symbol);
    const now = this.clock.now();
    const first = firstOpenTimeFrom(interval, Math.max(from, SIMULATION_START));
    const pageEnd = stepOpenTime(interval, first, this.pageSize(symbol, interval));
    const candles = await this.simulate(market, interval, first, Math.min(pageEnd, to, now), now, signal);

    const last = candles.at(-1);
    if (last === undefined || stepOpenTime(interval, last.openTime, 1) <= now) {
      return { closed: candles, forming: null };
    }
    return { closed: candles.slice(0, -1), forming: last };
  }

  async close(): Promise<void> {}

  /** The candles that open in `[first, end)`, as they stand at `now`. */
  private async simulate(
    market: SimulatedMarket,
    interval: Interval,
    first: number,
    end: number,
    now: number,
    signal: AbortSignal | undefined,
  ): Promise<Candle[]> {
    const candles: Candle[] = [];
    const walk = new MinuteWalk(market, first);
    let minute = first;
    for (let open = first; open < end;) {
      const next = stepOpenTime(interval, open, 1);
      let candle: TickCandle | undefined;
      for (const stop = Math.min(next, now); minute < stop; minute += MINUTE) {
        if (((minute - first) / MINUTE) % MINUTES_PER_TURN === 0) {
          await nextTurn();
          signal?.throwIfAborted();
        }
        const part = now - minute < MINUTE ? walk.unfinished(now - minute) : walk.next();
        candle = candle === undefined ? part : joinTicks(candle, part);
      }
      if (candle !== undefined) candles.push(toCandle(candle, market));
      open = next;
    }
    signal?.throwIfAborted();
    return candles;
  }
}

function findMarket(symbol: string): SimulatedMarket {
  const market = SIMULATED_MARKETS.find((candidate) => candidate.symbol === symbol);
  if (market === undefined)
    throw new ExchangeError('EXCHANGE_BAD_SYMBOL', `the simulator does not trade ${symbol.slice(0, 40)}`);
  return market;
}
