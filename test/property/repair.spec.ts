import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endOfHave,
  mergeSpans,
  spansOfAnswer,
  type CoverageSpan,
  type CoverageState,
} from '../../src/candles/coverage.js';
import { backfillWindow } from '../../src/collector/collection-plan.js';
import { judgeHoles } from '../../src/collector/hole-verdicts.js';
import { repairWindow } from '../../src/collector/repair-plan.js';
import { ModelExchange, type Availability, type Manner } from '../support/model-exchange.js';

const MINUTE = 60_000;
const EVERY = 5 * MINUTE;
const DAY = 24 * 60 * MINUTE;

/** What the collector does with a series of which backfill has asked once, from then on. */
class Repairer {
  /** Every candle that came. */
  readonly stored = new Set<number>();
  /** Requests of each run that made any. */
  readonly runs: number[] = [];
  spans: CoverageSpan[] = [];

  constructor(
    private readonly exchange: ModelExchange,
    public now: number,
  ) {}

  backfill(): void {
    const { pageSize } = this.exchange;
    const end = this.exchange.minutes.length * MINUTE;
    for (;;) {
      const window = backfillWindow(this.spans, { interval: '1m', pageSize, start: 0, before: end });
      if (!window) return;
      const openTimes = this.exchange.ask(window, this.now);
      const to = openTimes.length > 0 ? openTimes.at(-1)! + MINUTE : window.to;
      this.take(openTimes, spansOfAnswer('1m', { from: window.from, to }, openTimes, this.now));
    }
  }

  /** One run; as long as it takes, the clock stands. */
  repair(): void {
    const { pageSize } = this.exchange;
    let [shown, begun, requests] = [Infinity, null as number | null, 0];
    for (;;) {
      const view = { interval: '1m', pageSize, now: this.now, shown, begun } as const;
      const window = repairWindow(this.spans, view);
      if (!window) break;
      const openTimes = this.exchange.ask(window, this.now);
      const answer = { interval: '1m', window, openTimes, pageSize, now: this.now, shown } as const;
      this.take(openTimes, judgeHoles(this.spans, answer).spans);
      shown = Math.min(shown, openTimes[0] ?? Infinity);
      begun = window.from;
      requests += 1;
      if (requests > 1000) throw new Error('a run that does not come to its end');
    }
    if (requests > 0) this.runs.push(requests);
  }

  repairUntil(end: number, every = EVERY): void {
    for (; this.now < end; this.now += every) this.repair();
  }

  /** Open times in this state. */
  minutes(...states: CoverageState[]): number[] {
    return this.spans
      .filter(({ state }) => states.includes(state))
      .flatMap(({ from, to }) => Array.from({ length: (to - from) / MINUTE }, (_, n) => from + n * MINUTE));
  }

  private take(openTimes: readonly number[], spans: readonly CoverageSpan[]): void {
    for (const openTime of openTimes) this.stored.add(openTime);
    this.spans = mergeSpans(this.spans, spans);
  }
}

const HOURS_20 = 20 * 60;
/** Six days, in minutes: found by the look that is due on the seventh. */
const LATEST = 6 * 24 * 60;
const minute: fc.Arbitrary<Availability> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: HOURS_20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: LATEST }) },
);
/** Some minutes, and some stretches without any: outages. */
const market = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.array(minute, { minLength: 1, maxLength: 12 }) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 1, max: 60 }).map((n) => Array.from({ length: n }, () => null)),
      },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts): Availability[] => parts.flat());
const page = fc.integer({ min: 3, max: 40 });

describe('repair', () => {
  it.each<Manner>(['skips', 'counts', 'stops'])(
    'of an exchange that %s ends with all it has, the rest known to be empty, in a bounded number of requests',
    (manner) => {
      fc.assert(
        fc.property(market, page, (minutes, pageSize) => {
          const exchange = new ModelExchange(minutes, pageSize, manner);
          const repairer = new Repairer(exchange, minutes.length * MINUTE);
          repairer.backfill();
          repairer.repairUntil(DAY);
          repairer.repairUntil(16 * DAY, 12 * EVERY);

          const truth = exchange.available(Infinity);
          expect([...repairer.stored].toSorted((a, b) => a - b)).toEqual(truth);
          expect(repairer.minutes('have')).toEqual(truth);
          // What lies outside of the candles of the exchange is not called empty: before the first, behind the last.
          const [first, last] = [truth[0] ?? Infinity, truth.at(-1) ?? -Infinity];
          const inner = minutes
            .map((_, index) => index * MINUTE)
            .filter((time) => time > first && time < last && !repairer.stored.has(time));
          expect(repairer.minutes('empty')).toEqual(inner);

          const pages = 2 * Math.ceil(minutes.length / (pageSize - 2)) + 1;
          // One that stops at each hole is asked for each of them.
          const most = manner === 'stops' ? 2 * minutes.length : 2 * pages;
          for (const requests of repairer.runs) expect(requests).toBeLessThanOrEqual(most);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('never calls empty what an exchange has that keeps its newest candles only, or that fails for hours', () => {
    fc.assert(
      fc.property(market, page, fc.boolean(), (minutes, pageSize, keeps) => {
        const never = minutes.map((after) => (after === null ? null : 0));
        const exchange = new ModelExchange(never, pageSize, keeps ? 'keeps' : 'skips');
        const repairer = new Repairer(exchange, minutes.length * MINUTE);
        exchange.outage = !keeps;
        repairer.backfill();
        repairer.repairUntil(2 * DAY);
        const truth = new Set(exchange.available(Infinity));
        expect(repairer.minutes('empty').filter((time) => truth.has(time))).toEqual([]);

        exchange.outage = false;
        repairer.repairUntil(4 * DAY);
        expect(repairer.minutes('empty').filter((time) => truth.has(time))).toEqual([]);
        if (!keeps) expect(repairer.minutes('have')).toEqual([...truth]);
      }),
      { numRuns: 150 },
    );
  });

  it('does not believe an exchange that sends nothing for a while, in the middle of what it has sent before', () => {
    fc.assert(
      fc.property(market, page, (minutes, pageSize) => {
        const never = minutes.map((after) => (after === null ? null : after > 0 ? HOURS_20 : 0));
        const exchange = new ModelExchange(never, pageSize);
        const repairer = new Repairer(exchange, minutes.length * MINUTE);
        repairer.backfill();
        exchange.outage = true;
        repairer.repairUntil(DAY / 2);
        expect(repairer.minutes('empty')).toEqual([]);
        exchange.outage = false;
        repairer.repairUntil(4 * DAY);
        expect(repairer.minutes('have')).toEqual(exchange.available(Infinity));
      }),
      { numRuns: 100 },
    );
  });

  it('settles thousands of one-minute holes of an illiquid market with a request per page', () => {
    const minutes = Array.from({ length: 10_000 }, (_, index) => (index % 3 === 1 ? null : 0));
    const repairer = new Repairer(new ModelExchange(minutes, 500), minutes.length * MINUTE);
    repairer.backfill();
    expect(repairer.minutes('missing')).toHaveLength(3333);
    repairer.repairUntil(repairer.now + 2 * EVERY);
    expect(repairer.runs).toHaveLength(1);
    expect(repairer.runs[0]).toBeLessThanOrEqual(Math.ceil(10_000 / 498));
    expect(repairer.minutes('missing')).toEqual([]);
    expect(repairer.minutes('empty')).toHaveLength(3333);
  });

  it('keeps the number of spans at that of the holes, however often they are asked for', () => {
    const minutes = Array.from({ length: 3000 }, (_, index) => (index < 5 || index >= 2500 ? 0 : null));
    const exchange = new ModelExchange(minutes, 100, 'keeps');
    const repairer = new Repairer(exchange, minutes.length * MINUTE);
    repairer.backfill();
    repairer.repairUntil(9 * DAY);
    expect(repairer.spans.map(({ state }) => state)).toEqual(['missing', 'have']);
    expect(endOfHave(repairer.spans)).toBe(3000 * MINUTE);
    // Once a day by then, and never given up.
    const [hole] = repairer.spans;
    expect(repairer.now - hole!.askedAt!).toBeLessThan(DAY + EVERY);
  });
});
