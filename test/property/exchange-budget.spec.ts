import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterAnswer,
  afterRefusal,
  FRESH_BUDGET,
  holdOf,
  mergeBudgets,
  shareUsed,
  type Budget,
  type Refusal,
} from '../../src/collector/budget/budget.js';

const NOW = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

const refusal = fc.record<Refusal>({
  reason: fc.constantFrom('banned', 'rate-limited', 'asked-to-wait'),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 9e8 }), { nil: undefined }),
});
const quota = fc.record({
  used: fc.integer({ min: 0, max: 7000 }),
  limit: fc.constant(6000),
  resetsInMs: fc.integer({ min: 1, max: MINUTE }),
});
const event = fc.record({ after: fc.integer({ min: 0, max: 7_200_000 }), said: fc.oneof(refusal, quota) });

function hear(events: ReadonlyArray<{ after: number; said: unknown }>, each?: (budget: Budget) => void) {
  let [budget, now] = [FRESH_BUDGET, NOW];
  for (const { after, said } of events) {
    now += after;
    budget =
      'reason' in (said as object)
        ? afterRefusal(budget, said as Refusal, now)
        : afterAnswer(budget, said as never, now);
    each?.(budget);
  }
  return { budget, now };
}

describe('the budget of an exchange', () => {
  it('is never blocked for a shorter time by what is heard later', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let until = 0;
        hear(events, ({ blockedUntil }) => {
          expect(blockedUntil).toBeGreaterThanOrEqual(until);
          until = blockedUntil;
        });
      }),
    );
  });

  it('holds everybody for at least as long as the exchange has asked, up to a week', () => {
    fc.assert(
      fc.property(fc.array(event), refusal, (events, last) => {
        const { budget, now } = hear(events);
        const { blockedUntil } = afterRefusal(budget, last, now);
        expect(blockedUntil - now).toBeGreaterThanOrEqual(Math.min(last.retryAfterMs ?? 1, 7 * 86_400_000));
        expect(holdOf({ ...budget, blockedUntil }, true, blockedUntil - 1)).not.toBeNull();
      }),
    );
  });

  it('comes out the same whichever of two processes is written first', () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (left, right) => {
        const [a, b] = [hear(left).budget, hear(right).budget];
        const [ab, ba] = [mergeBudgets(a, b), mergeBudgets(b, a)];
        expect(ab.blockedUntil).toBe(ba.blockedUntil);
        expect(ab.blockedUntil).toBe(Math.max(a.blockedUntil, b.blockedUntil));
        expect(mergeBudgets(a, a)).toEqual(a);
      }),
    );
  });

  it('waits for minutes after a ban without a time, longer each time, and forgets after an hour', () => {
    const ban: Refusal = { reason: 'banned', retryAfterMs: undefined };
    let budget = afterRefusal(FRESH_BUDGET, ban, NOW);
    expect(budget).toMatchObject({ blockedUntil: NOW + 5 * MINUTE, strikes: 1 });
    expect(afterRefusal(budget, ban, NOW + 1)).toEqual(budget); // it was on its way
    budget = afterRefusal(budget, ban, NOW + 6 * MINUTE);
    expect(budget).toMatchObject({ blockedUntil: NOW + 16 * MINUTE, strikes: 2 });
    expect(afterRefusal(budget, ban, NOW + 100 * MINUTE)).toMatchObject({ strikes: 1 });
  });

  it('grows with every 429 without a time, and a ban during such a block makes it a ban', () => {
    const limited: Refusal = { reason: 'rate-limited', retryAfterMs: undefined };
    const first = afterRefusal(FRESH_BUDGET, limited, NOW);
    expect(first.blockedUntil - NOW).toBe(10_000);
    expect(afterRefusal(first, limited, NOW + 10_001).blockedUntil - NOW - 10_001).toBe(20_000);
    const banned = afterRefusal(first, { reason: 'banned', retryAfterMs: undefined }, NOW + 1);
    expect(banned).toMatchObject({ reason: 'banned', blockedUntil: NOW + 1 + 5 * MINUTE });
  });

  it('leaves the last of the quota to what is urgent, until the window ends', () => {
    const at = (used: number) => afterAnswer(FRESH_BUDGET, { used, limit: 6000, resetsInMs: 20_000 }, NOW);
    const held = { reason: 'quota', ms: 20_000 };
    expect(holdOf(at(4799), false, NOW)).toBeNull();
    expect(holdOf(at(4800), false, NOW)).toEqual(held);
    expect(holdOf(at(4800), true, NOW)).toBeNull();
    expect(holdOf(at(5700), true, NOW)).toEqual(held);
    expect(holdOf(at(6000), false, NOW + 20_000)).toBeNull();
    // An older answer that comes late does not make it less.
    const late = afterAnswer(at(5700), { used: 100, limit: 6000, resetsInMs: 19_000 }, NOW + 1000);
    expect(shareUsed(late, NOW + 1000)).toBe(0.95);
  });
});
