import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/common/clock.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { BackfillTask } from '../../src/collector/backfill.task.js';
import { SeriesLedger } from '../../src/collector/series-scope.js';
import { SeriesScopes } from '../../src/collector/series-scopes.js';
import { SyncTask } from '../../src/collector/sync.task.js';
import type { ExchangeRegistry } from '../../src/exchanges/exchange-registry.js';
import { ManualClock } from '../support/fixtures/manual-clock.js';
import { openTestLocks } from '../support/locks.js';
import { PagingExchange, START, type Semantics } from '../support/paging-exchange.js';

const MINUTE = 60_000;
const SIGNAL = new AbortController().signal;

interface Case {
  readonly semantics: Semantics;
  /** Minutes before the listing, and the runs of minutes with candles after it, each with the hole that follows. */
  readonly unlisted: number;
  readonly runs: ReadonlyArray<{ readonly candles: number; readonly hole: number }>;
}

/** Holes are at most three pages long, and eight pages lie between them. */
function cases(pages: fc.Arbitrary<number>, sizeIsKnown: boolean, minCap: number): fc.Arbitrary<Case> {
  return pages.chain((pageSize) => {
    const semantics = fc.record({
      kind: fc.constantFrom('oldest', 'newest', 'window', 'latest'),
      cap: sizeIsKnown ? fc.constant(pageSize) : fc.integer({ min: minCap, max: pageSize }),
      pageSize: fc.constant(pageSize),
      sizeIsKnown: fc.constant(sizeIsKnown),
      knowsUntil: fc.boolean(),
      stopsAtHoles: fc.boolean(),
      order: fc.constantFrom('ascending', 'descending', 'shuffled'),
      overlap: fc.nat(3),
      cutByCcxt: fc.boolean(),
    }) as fc.Arbitrary<Semantics>;
    const run = fc.record({
      candles: fc.integer({ min: 8 * pageSize, max: 14 * pageSize }),
      hole: fc.nat(3 * pageSize),
    });
    return fc.record({
      semantics,
      unlisted: fc.nat(20 * pageSize),
      runs: fc.array(run, { minLength: 1, maxLength: 3 }),
    });
  });
}

function minutesOf({ unlisted, runs }: Case): boolean[] {
  const has = Array.from({ length: unlisted }, () => false);
  for (const [index, { candles, hole }] of runs.entries()) {
    for (let n = 0; n < candles; n += 1) has.push(n % 31 !== 17);
    if (index < runs.length - 1) for (let n = 0; n < hole; n += 1) has.push(false);
  }
  return has;
}

async function openCollector() {
  const test = await openTestLocks({ ttl: '1d' });
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  let number = 0;

  /** Collects all that the exchange has, as a worker would. */
  return async (exchange: PagingExchange) => {
    const clock = new ManualClock(exchange.now);
    const registry = { get: () => exchange } as unknown as ExchangeRegistry;
    const shared = { store, clock, locks: test.locks, log: test.log, isBulkPaused: () => false };
    const scopes = new SeriesScopes(registry, { ...shared, backfill: { since: START } });
    const series = await store.ensureSeries('model', `A${(number += 1)}/B`, '1m');
    const scope = scopes.for(series);
    const lease = (await test.locks.acquire(`series:${series.id}`))!;
    const ledger = await SeriesLedger.open(lease, scope);
    const sync = new SyncTask(scope, ledger);
    const backfill = new BackfillTask(scope, ledger);
    for (let end = -1; end !== (ledger.spans.at(-1)?.to ?? 0);) {
      end = ledger.spans.at(-1)?.to ?? 0;
      sync.request(clock.now());
      while (sync.readyIn(clock.now()) < Infinity) {
        await sync.run(SIGNAL);
        clock.advance(10_000);
      }
      clock.advance(MINUTE);
    }
    backfill.request(0);
    while (backfill.readyIn(clock.now()) < Infinity) await backfill.run(SIGNAL);
    await test.locks.release(lease);
    const rows = await test.reader.query<Array<{ t: number }>>(
      'SELECT open_time AS t FROM candle WHERE series_id = ? ORDER BY open_time',
      [series.id],
    );
    return { stored: rows.map(({ t }) => t), spans: ledger.spans };
  };
}

interface Shortcomings {
  /** Minutes that the exchange has and we do not. */
  readonly missing: number[];
  /** Minutes that we have, or call unlisted, against what the exchange says. */
  readonly wrong: number[];
  /** Requests beyond what the length of the history accounts for. */
  readonly tooMany: number;
}

const minuteOf = (time: number) => (time - START) / MINUTE;
const NONE: Shortcomings = { missing: [], wrong: [], tooMany: 0 };

async function openComparison(): Promise<(one: Case) => Promise<Shortcomings>> {
  const collect = await openCollector();
  return async (one) => {
    const exchange = new PagingExchange(minutesOf(one), one.semantics);
    const { stored, spans } = await collect(exchange);
    const { reachable, has, now, requests } = exchange;
    const kept = new Set(stored);
    const unlisted = spans.filter(({ state }) => state === 'unlisted');
    const called = reachable.filter((time) => unlisted.some(({ from, to }) => time >= from && time < to));
    // What came before the listing was not walked through.
    const walked = (now - (reachable[0] ?? START)) / MINUTE / one.semantics.cap;
    return {
      missing: reachable.filter((time) => !kept.has(time)).map(minuteOf),
      wrong: [...stored.filter((time) => !has[minuteOf(time)]), ...called].map(minuteOf),
      tooMany: Math.max(0, requests - Math.ceil(150 + 8 * walked)),
    };
  };
}

describe('collecting from an exchange of whatever semantics', () => {
  it('ends with all that it has, in a bounded number of requests', async () => {
    const known = cases(fc.integer({ min: 5, max: 20 }), true, 5);
    const compare = await openComparison();
    const isComplete = async (one: Case) => {
      expect(await compare(one)).toEqual(NONE);
    };
    await fc.assert(fc.asyncProperty(known, isComplete), { numRuns: 80 });
  }, 120_000);

  it('does so too where nobody knows how long its pages are', async () => {
    const guessed = cases(fc.constant(150), false, 100);
    const compare = await openComparison();
    const isComplete = async (one: Case) => {
      expect(await compare(one)).toEqual(NONE);
    };
    await fc.assert(fc.asyncProperty(guessed, isComplete), { numRuns: 12 });
  }, 120_000);
});
