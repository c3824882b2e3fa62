import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AnswerCache } from '../../src/candles/answer-cache.js';
import { ChangeFeed } from '../../src/candles/change-feed.js';
import { CandlePages } from '../../src/candles/candle-pages.js';
import { CandleReader } from '../../src/candles/candle-reader.js';
import type { CoverageState } from '../../src/candles/coverage.js';
import { DecimalScale } from '../../src/candles/decimal-scale.js';
import { ArrowMaker } from '../../src/candles/rest/arrow-maker.js';
import { CandleAnswers } from '../../src/candles/rest/candle-answers.js';
import { toCandleRequest } from '../../src/candles/rest/candle-request.js';
import { candlesQuerySchema } from '../../src/candles/rest/candles.schemas.js';
import { FilledPages } from '../../src/candles/rest/filled-pages.js';
import { RollupReader } from '../../src/candles/rollup-reader.js';
import { SeriesReader } from '../../src/candles/series-reader.js';
import { KnownCoverage } from '../../src/candles/known-coverage.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { DataVersion } from '../../src/database/sqlite/data-version.js';
import { candleAt, range } from '../support/candles.js';
import { ManualClock } from '../support/fixtures/manual-clock.js';
import { openTestLocks } from '../support/locks.js';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const SPAN = 600;

async function open(now: number) {
  const clock = new ManualClock(now);
  const test = await openTestLocks();
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, clock);
  const series = await store.ensureSeries('x', 'A/B', '1m');
  const lease = (await test.locks.acquire(`series:${series.id}`))!;
  const data = new DataVersion(() => test.database.openReader());
  onTestFinished(() => data.close());
  const pages = new CandlePages(new CandleReader(test.reader), new RollupReader(test.reader));
  const filled = new FilledPages(pages);
  const feed = new ChangeFeed(data);
  const cache = new AnswerCache(feed);
  const arrows = new ArrowMaker(new DecimalScale(test.reader));
  const hits: string[] = [];
  cache.observe((event) => event === 'hit' && hits.push(event));
  const kept = new CandleAnswers(
    pages,
    filled,
    cache,
    new KnownCoverage(test.reader, clock, feed),
    clock,
    arrows,
  );
  /** The same without anything kept. */
  const fresh = () =>
    new CandleAnswers(
      pages,
      filled,
      new AnswerCache(new ChangeFeed(data)),
      new KnownCoverage(test.reader, clock, new ChangeFeed(data)),
      clock,
      arrows,
    );
  const reader = new SeriesReader(test.reader, clock);
  const ask = async (answers: CandleAnswers, query: Record<string, string>) => {
    const parsed = candlesQuerySchema.parse({ exchange: 'x', symbol: 'A/B', interval: '1m', ...query });
    const interval = parsed.interval!;
    const source = await reader.find('x', 'A/B', interval);
    const request = toCandleRequest({ ...parsed, exchange: 'x', interval }, parsed.format ?? 'json', [
      source,
    ]);
    const { body, isSettled } = await answers.answer(request);
    return { text: body.toString(), isSettled };
  };
  return { store, series, lease, ask, kept, fresh, hits };
}

const minute = fc.integer({ min: 0, max: SPAN });
const commit = fc.record({
  kind: fc.constant('commit' as const),
  from: minute,
  length: fc.integer({ min: 1, max: 90 }),
  every: fc.integer({ min: 1, max: 4 }),
  revision: fc.integer({ min: 0, max: 3 }),
  lane: fc.constantFrom('live' as const, 'backfill' as const),
  hole: fc.constantFrom<CoverageState>('missing', 'empty'),
});
/** An exchange's clock may be off, but not by as much as an hour. */
const forming = fc.record({ kind: fc.constant('forming' as const), age: fc.integer({ min: 0, max: 59 }) });
const optional = (name: string, value: fc.Arbitrary<string>) =>
  fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [name]: given }));
const bound = minute.map((place) => String(NOON + place * MINUTE));
const query = fc
  .tuple(
    fc.constantFrom('1m', '5m', '1h', '1d'),
    optional('from', bound),
    optional('to', bound),
    optional('limit', fc.constantFrom('1', '7', '100')),
    optional('order', fc.constantFrom('asc', 'desc')),
    optional('closed', fc.constantFrom('true', 'false')),
    optional('format', fc.constantFrom('csv', 'ndjson')),
    optional('fill', fc.constant('flat')),
  )
  .map(([interval, ...rest]) => Object.assign({ interval }, ...rest) as Record<string, string>)
  .filter(({ from, to }) => from === undefined || to === undefined || Number(from) <= Number(to));

describe('answers that are kept', () => {
  // Of what is old enough no candle is waited for any more.
  it.each([10, 24, 72])(
    'are what would be answered anew, %i hours later',
    { timeout: 180_000 },
    async (hours) => {
      const now = NOON + hours * 60 * MINUTE;
      const { store, series, lease, ask, kept, fresh, hits } = await open(now);
      const questions = fc.sample(query, { numRuns: 40, seed: 7 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(commit, forming), { minLength: 1, maxLength: 3 }),
          async (steps) => {
            for (const step of steps) {
              if (step.kind === 'forming') {
                await store.saveForming(lease, series, candleAt(now - step.age * MINUTE, 5));
              } else {
                const { from, length, every, revision, lane, hole } = step;
                const present = range(from, from + length).filter((place) => place % every === 0);
                const candles = present.map((place) => candleAt(NOON + place * MINUTE, revision));
                const spans = range(from, from + length).map((place) => ({
                  from: NOON + place * MINUTE,
                  to: NOON + (place + 1) * MINUTE,
                  ...(place % every === 0
                    ? { state: 'have' as const }
                    : { state: hole, asked: 1, askedAt: now }),
                }));
                await store.commit(lease, { series, candles, spans }, { lane });
              }
              const anew = fresh();
              for (const question of questions) {
                expect(await ask(kept, question), JSON.stringify(question)).toEqual(
                  await ask(anew, question),
                );
              }
            }
          },
        ),
        { numRuns: 25 },
      );
      // It would be no test if nothing had been kept.
      expect(hits.length).toBeGreaterThan(100);
    },
  );
});
