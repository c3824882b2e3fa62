import { describe, expect, it, onTestFinished } from 'vitest';
import { abortable } from '../../../src/exchanges/abortable.js';
import type { Candle } from '../../../src/candles/candle.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { LiveStreams } from '../../../src/collector/live-streams.js';
import type { LiveEvent } from '../../../src/collector/live-statistics.js';
import { SeriesScopes } from '../../../src/collector/series-scopes.js';
import { SeriesWorker } from '../../../src/collector/series-worker.js';
import { SystemClock } from '../../../src/common/clock.js';
import type {
  CandlePage,
  CandleRequest,
  LiveCandle,
  WatchRequest,
} from '../../../src/exchanges/exchange-client.js';
import { ExchangeError } from '../../../src/exchanges/exchange-errors.js';
import type { ExchangeRegistry } from '../../../src/exchanges/exchange-registry.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { ScriptedExchange } from '../../support/fixtures/scripted-exchange.js';
import { gate, until } from '../../support/fixtures/until.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2024, 0, 1, 12) + 2000;
const OPEN = NOW - 2000;

/** A scripted exchange that also pushes what it is told to. */
class PushingExchange extends ScriptedExchange {
  watches = 0;
  /** What it answers when it is asked for the open candle. */
  polled: Candle | null = null;
  /** What its answers wait for. */
  held: Promise<void> = Promise.resolve();
  private deliver: ((update: LiveCandle | Error) => void) | undefined;
  private readonly queue: Array<LiveCandle | Error> = [];

  push(candle: Candle, finished = false): void {
    this.send({ candle, finished });
  }

  break(): void {
    this.send(new ExchangeError('EXCHANGE_UNAVAILABLE', 'cut'));
  }

  override async fetchCandles({ from, to, signal }: CandleRequest): Promise<CandlePage> {
    this.requests.push({ from, to });
    await this.held;
    signal?.throwIfAborted();
    return { closed: [], forming: this.polled };
  }

  override async *watchCandles({ signal }: WatchRequest): AsyncGenerator<LiveCandle> {
    this.watches += 1;
    for (;;) {
      const update =
        this.queue.shift() ??
        (await abortable(new Promise<LiveCandle | Error>((resolve) => (this.deliver = resolve)), signal));
      if (update instanceof Error) throw update;
      yield update;
    }
  }

  private send(update: LiveCandle | Error): void {
    const { deliver } = this;
    this.deliver = undefined;
    if (deliver) deliver(update);
    else this.queue.push(update);
  }
}

const candle = (close: string, volume: string, openTime = OPEN): Candle => ({
  openTime,
  open: '10',
  high: '20',
  low: '5',
  close,
  volume,
});

async function openWorkers(count = 1) {
  const clock = new ManualClock(NOW);
  const test = await openTestLocks({ clock, ttl: '1d' });
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const live = new LiveStreams(store, clock, test.log);
  const events: LiveEvent[] = [];
  live.statistics.observe((event) => events.push(event));
  const exchanges = Array.from({ length: count }, () => new PushingExchange(() => clock.now()));
  const stop = new AbortController();
  const workers = await Promise.all(
    exchanges.map(async (exchange, number) => {
      const series = await store.ensureSeries('scripted', `A${number}/B`, '1m');
      const registry = { get: () => exchange } as unknown as ExchangeRegistry;
      const shared = {
        store,
        clock,
        locks: test.locks,
        log: test.log,
        isBulkPaused: () => false,
        backfill: { since: OPEN },
      };
      const worker = new SeriesWorker(new SeriesScopes(registry, shared, undefined, live).for(series));
      return { exchange, series, worker, running: worker.run(stop.signal) };
    }),
  );
  const finish = async () => {
    stop.abort(new Error('stop'));
    await Promise.all(workers.map(({ running }) => running));
  };
  onTestFinished(finish);
  const stored = async () => {
    const rows = await test.reader.query<Candle[]>(
      `SELECT open_time AS "openTime", open, high, low, close, volume FROM forming_candle ORDER BY series_id`,
    );
    return rows;
  };
  const holds = (expected: Candle) =>
    until(async () => (await stored()).some((row) => JSON.stringify(row) === JSON.stringify(expected)));
  await until(() => exchanges.every(({ watches, requests }) => watches === 1 && requests.length > 0));
  return {
    ...test,
    clock,
    store,
    workers,
    exchange: exchanges[0]!,
    exchanges,
    finish,
    stored,
    holds,
    events,
  };
}

describe('the live feed of a series', () => {
  it('stores what the exchange pushes, and does not ask while it comes', async () => {
    const { exchange, workers, clock, holds } = await openWorkers();
    exchange.push(candle('11', '1'));
    await holds(candle('11', '1'));
    const asked = exchange.requests.length;
    for (let second = 1; second <= 12; second += 1) {
      clock.advance(1000);
      workers[0]!.worker.requestForming();
      exchange.push(candle('12', String(1 + second)));
      await holds(candle('12', String(1 + second)));
    }
    expect(exchange.requests).toHaveLength(asked);
    expect(workers[0]!.worker.status.forming).toMatchObject({ source: 'stream', sinceUpdate: 0 });
  });

  it('asks again, within 5 s, when nothing is pushed any more, and stops asking when it is', async () => {
    const { exchange, workers, clock, holds } = await openWorkers();
    exchange.push(candle('11', '1'));
    await holds(candle('11', '1'));
    exchange.polled = candle('13', '3');
    workers[0]!.worker.requestForming();
    clock.advance(3999);
    const asked = exchange.requests.length;
    clock.advance(1);
    await until(() => exchange.requests.length > asked);
    await holds(candle('13', '3'));
    expect(workers[0]!.worker.status.forming).toMatchObject({ source: 'poll' });
    exchange.push(candle('14', '4'));
    clock.advance(1000);
    await holds(candle('14', '4'));
  });

  it('asks again for a tick that falls while an answer is under way: that answer may be old', async () => {
    const { exchange, workers } = await openWorkers();
    const { opened, open } = gate();
    exchange.held = opened;
    const asked = exchange.requests.length;
    workers[0]!.worker.requestForming();
    await until(() => exchange.requests.length === asked + 1);
    workers[0]!.worker.requestForming();
    expect(exchange.requests).toHaveLength(asked + 1);
    open();
    await until(() => exchange.requests.length > asked + 1);
    expect(exchange.requests).toHaveLength(asked + 2);
  });

  it('asks at once at the next tick when the stream breaks, and watches again after a while', async () => {
    const { exchange, workers, clock, holds, events, log } = await openWorkers();
    exchange.push(candle('11', '1'));
    await holds(candle('11', '1'));
    exchange.break();
    await until(() => events.some(({ kind }) => kind === 'interrupted'));
    exchange.polled = candle('12', '2');
    workers[0]!.worker.requestForming();
    await holds(candle('12', '2'));
    expect(exchange.watches).toBe(1);
    clock.advance(1000);
    await until(() => exchange.watches === 2);
    exchange.push(candle('13', '3'));
    await holds(candle('13', '3'));
    expect(log.named('collector.live.interrupted')).toMatchObject([{ code: 'EXCHANGE_UNAVAILABLE' }]);
    const changes = events.flatMap((event) => (event.kind === 'streaming' ? [event.change] : []));
    expect(changes).toEqual([1, -1, 1]);
  });

  it('never lets an older update, or an older answer, take the place of a newer one', async () => {
    const { exchange, workers, clock, holds, stored, events } = await openWorkers();
    exchange.push(candle('11', '5'));
    await holds(candle('11', '5'));
    for (const late of [candle('10', '4'), candle('9', '9', OPEN - MINUTE)]) exchange.push(late);
    exchange.push(candle('99', '6', OPEN + 1));
    await until(
      () => events.filter((event) => event.kind === 'update' && event.result !== 'taken').length === 3,
    );
    exchange.polled = candle('10', '4');
    exchange.push(candle('12', '6'));
    clock.advance(1000);
    await holds(candle('12', '6'));
    clock.advance(4000);
    const asked = exchange.requests.length;
    workers[0]!.worker.requestForming();
    await until(() => exchange.requests.length > asked);
    exchange.push(candle('12', '6.5'));
    clock.advance(1000);
    await holds(candle('12', '6.5'));
    expect(await stored()).toEqual([candle('12', '6.5')]);
  });

  it('wakes sync as soon as a candle is finished, without waiting for the minute’s tick', async () => {
    const { exchange, clock, holds, reader, workers } = await openWorkers();
    exchange.push(candle('11', '5'));
    await holds(candle('11', '5'));
    clock.advance(MINUTE - 2000 + 50); // 50 ms past the minute
    exchange.push(candle('12', '6'), true);
    const name = `sync:${workers[0]!.series.id}`;
    await until(async () => {
      const rows = await reader.query<unknown[]>('SELECT 1 FROM job_run WHERE name = ? AND slot = ?', [
        name,
        OPEN + MINUTE,
      ]);
      return rows.length === 1;
    });
    expect(workers[0]!.worker.status.failures).toBe(0);
  });

  it('writes the candles of many series in one turn, each at most once a second, the newest', async () => {
    const { exchanges, clock, holds, store, events } = await openWorkers(5);
    let turns = 0;
    const save = store.saveFormingOfMany.bind(store);
    store.saveFormingOfMany = (saves) => {
      turns += 1;
      return save(saves);
    };
    exchanges[0]!.push(candle('11', '1'));
    await holds(candle('11', '1'));
    for (let count = 2; count <= 40; count += 1)
      for (const it of exchanges) it.push(candle('11', String(count)));
    await until(() => events.filter(({ kind }) => kind === 'update').length === 1 + 39 * 5);
    clock.advance(1000);
    await holds(candle('11', '40'));
    expect(turns).toBe(2);
  });

  it('stops in good order, and writes nothing under a lease that it has given back', async () => {
    const { exchange, workers, holds, finish, store, stored, locks } = await openWorkers();
    exchange.push(candle('11', '1'));
    await holds(candle('11', '1'));
    exchange.push(candle('12', '2'));
    await finish();
    const lease = (await locks.acquire(`series:${workers[0]!.series.id}`))!;
    const { series } = workers[0]!;
    await locks.release(lease);
    await store.saveFormingOfMany([{ lease, series, candle: candle('13', '3') }]);
    expect(await stored()).not.toContainEqual(candle('13', '3'));
    const held = (await locks.acquire(`series:${series.id}`))!;
    await store.saveFormingOfMany([{ lease: held, series, candle: candle('14', '4') }]);
    expect(await stored()).toEqual([candle('14', '4')]);
  });
});
