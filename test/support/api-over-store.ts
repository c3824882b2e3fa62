import { EventSource } from 'eventsource';
import { join } from 'node:path';
import type { Candle } from '../../src/candles/candle.js';
import type { CoverageSpan } from '../../src/candles/coverage.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import type { Series } from '../../src/candles/series.js';
import { SystemClock } from '../../src/common/clock.js';
import { gridOf, stepOpenTime, type Interval } from '../../src/common/interval.js';
import type { Lane } from '../../src/database/lanes.js';
import type { Lease } from '../../src/locks/lease.js';
import { atEnd } from './at-end.js';
import { openTestLocks } from './locks.js';
import { ServiceProcess } from './service-process.js';
import { temporaryDirectory } from './temporary-directory.js';

/** A series that the test collects itself, under its lease. */
export interface HeldSeries {
  readonly series: Series;
  readonly lease: Lease;
}

/** The store of a collector, in the process of the test, and a process of the API on the same file. */
export async function openApiOverStore({ environment = {} }: { environment?: Record<string, string> } = {}) {
  const file = join(temporaryDirectory(), 'candles.db');
  const test = await openTestLocks({ file });
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const hold = async (exchange: string, symbol: string, interval: Interval): Promise<HeldSeries> => {
    const series = await store.ensureSeries(exchange, symbol, interval);
    return { series, lease: (await test.locks.acquire(`series:${series.id}`))! };
  };
  /** Commits candles, and that they are what there is from the first to the last. */
  const commit = async ({ series, lease }: HeldSeries, candles: readonly Candle[], lane: Lane = 'live') => {
    const [first, last] = [candles[0]!.openTime, candles.at(-1)!.openTime];
    const to = stepOpenTime(gridOf(series), last, 1);
    const spans: CoverageSpan[] = [{ from: first, to, state: 'have' }];
    return store.commit(lease, { series, candles, spans }, { lane });
  };
  const startApi = () =>
    ServiceProcess.start({
      environment: { CRYPTOFLOW_ROLE: 'api', DATABASE_URL: `sqlite:${file}`, ...environment },
    });
  return { ...test, file, store, hold, commit, startApi, service: await startApi() };
}

/** An event as the client of the stream gets it. */
export interface ReceivedEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

/** Listens with the standard's own client, and keeps what comes. */
export async function listen(service: ServiceProcess, query = '', headers: Record<string, string> = {}) {
  const received: ReceivedEvent[] = [];
  const source = new EventSource(`${service.url}/api/v1/stream${query}`, {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  });
  atEnd(async () => source.close());
  for (const type of ['forming', 'closed', 'revised', 'gap', 'end']) {
    source.addEventListener(type, ({ data, lastEventId }) =>
      received.push({ type, id: lastEventId, data: data as string }),
    );
  }
  await new Promise<void>((resolve, reject) => {
    source.addEventListener('open', () => resolve());
    source.addEventListener('error', (error) => reject(new Error(error.message ?? 'no stream')));
  });
  const of = (type: string) => received.filter((event) => event.type === type);
  return { source, received, of, close: () => source.close() };
}
