import { stepOpenTime } from '../../src/common/interval.js';
import { CcxtPaging, type AskForRows } from '../../src/exchanges/ccxt/ccxt-paging.js';
import { readCcxtCandles } from '../../src/exchanges/ccxt/ccxt-candles.js';
import {
  ExchangeClient,
  type CandlePage,
  type CandleRequest,
  type Market,
} from '../../src/exchanges/exchange-client.js';

const MINUTE = 60_000;
/** The first minute of the model. */
export const START = Date.UTC(2020, 0, 1);

/** How an exchange understands `since` and `limit`, and what it sends. */
export interface Semantics {
  /**
   * `oldest`: the first rows from `since` on. `newest`: the last ones from `since` up to now, or up to `until`. `window`:
   * what falls into `[since, since + limit)`. `latest`: the last rows, whatever is asked for.
   */
  readonly kind: 'oldest' | 'newest' | 'window' | 'latest';
  /** Rows per answer at most. */
  readonly cap: number;
  /** What the client takes for the size of a page. */
  readonly pageSize: number;
  readonly sizeIsKnown: boolean;
  readonly knowsUntil: boolean;
  /** Ends an answer at the first hole; one with the newest rows, at the last, if `until` lets one ask for the others. */
  readonly stopsAtHoles: boolean;
  readonly order: 'ascending' | 'descending' | 'shuffled';
  /** Sends so many rows from before `since` as well, and as many twice. */
  readonly overlap: number;
  /** Whether rows pass through ccxt's sorting and cutting first, as most exchanges' do. */
  readonly cutByCcxt: boolean;
}

/** An exchange that has 1m candles of some of the minutes since 1970, read as `CcxtClient` reads. */
export class PagingExchange extends ExchangeClient {
  readonly id = 'model';
  readonly concurrency = 1;
  requests = 0;
  private readonly paging = new CcxtPaging();
  private readonly all: readonly number[];

  constructor(
    readonly has: readonly boolean[],
    private readonly semantics: Semantics,
  ) {
    super();
    this.all = has.flatMap((yes, minute) => (yes ? [START + minute * MINUTE] : []));
  }

  get now(): number {
    return START + this.has.length * MINUTE + 1;
  }

  /** Open times of the candles that it would give to somebody, however he asks. */
  get reachable(): number[] {
    const { kind, knowsUntil, cap } = this.semantics;
    const isBounded = kind === 'latest' || (kind === 'newest' && !knowsUntil);
    return isBounded ? this.all.slice(-cap) : [...this.all];
  }

  markets(): Promise<readonly Market[]> {
    return Promise.resolve([{ symbol: 'A/B', base: 'A', quote: 'B', active: true }]);
  }

  pageSize(): number {
    return this.semantics.pageSize;
  }

  async fetchCandles({ interval, from, to }: CandleRequest): Promise<CandlePage> {
    const end = Math.min(to, START + this.has.length * MINUTE);
    if (from >= end) return { closed: [], forming: null };
    const { now } = this;
    const window = { grid: interval, from, to: end, now, ...this.semantics };
    return readCcxtCandles(this.id, await this.paging.read(this.ask, window), window);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private readonly ask: AskForRows = (since, limit, until) => {
    this.requests += 1;
    const { order, overlap, cutByCcxt, knowsUntil } = this.semantics;
    let times = this.select(since, limit, knowsUntil ? (until ?? Infinity) : Infinity);
    if (overlap > 0 && times.length > 0) {
      const before = this.all.filter((time) => time < times[0]!).slice(-overlap);
      times = [...before, ...times, ...times.slice(0, overlap)];
    }
    if (order === 'descending') times = times.toReversed();
    if (order === 'shuffled') times = times.toSorted((a, b) => shuffle(a) - shuffle(b));
    if (cutByCcxt) {
      times = times
        .toSorted((a, b) => a - b)
        .filter((time) => time >= since)
        .slice(0, limit);
    }
    return Promise.resolve(times.map((time) => [time, '2', '3', '1', '2', '5']));
  };

  private select(since: number, limit: number, until: number): number[] {
    const { kind, cap, stopsAtHoles } = this.semantics;
    const size = Math.min(limit, cap);
    const inside = this.all.filter((time) => time >= since && time <= until);
    switch (kind) {
      case 'oldest':
        return stopsAtHoles ? firstRun(inside.slice(0, size)) : inside.slice(0, size);
      case 'newest':
        return stopsAtHoles && this.semantics.knowsUntil ? lastRun(inside.slice(-size)) : inside.slice(-size);
      case 'window': {
        const window = inside.filter((time) => time < stepOpenTime('1m', since, size));
        return stopsAtHoles ? firstRun(window) : window;
      }
      default:
        return this.all.slice(-cap);
    }
  }
}

function firstRun(times: readonly number[]): number[] {
  const end = times.findIndex((time, index) => index > 0 && time !== times[index - 1]! + MINUTE);
  return times.slice(0, end < 0 ? times.length : end);
}

function lastRun(times: readonly number[]): number[] {
  const start = times.findLastIndex((time, index) => index > 0 && time !== times[index - 1]! + MINUTE);
  return times.slice(Math.max(0, start));
}

function shuffle(time: number): number {
  return ((time / MINUTE) * 7919) % 101;
}
