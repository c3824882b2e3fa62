import { expect, it } from 'vitest';
import { CircuitBreaker } from '../../../src/collector/budget/circuit-breaker.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

function open() {
  const clock = new ManualClock();
  const states: string[] = [];
  const breaker = new CircuitBreaker(clock, ({ state }) => states.push(state));
  const fail = (times: number) => {
    for (let n = 0; n < times; n += 1) breaker.failed('EXCHANGE_TIMEOUT');
  };
  return { clock, states, breaker, fail };
}

it('lets single failures pass, and opens at the fifth in a row', () => {
  const { breaker, fail, states } = open();
  fail(4);
  breaker.succeeded();
  fail(4);
  expect(breaker.enter()).toBe(0);
  fail(1);
  expect(states).toEqual(['open']);
  expect(breaker.enter()).toBeGreaterThanOrEqual(5000);
  expect(breaker.lastError).toBe('EXCHANGE_TIMEOUT');
});

it('lets one try when the wait is over, and all others when that one succeeds', () => {
  const { clock, breaker, fail, states } = open();
  fail(5);
  clock.advance(breaker.waitMs);
  expect(breaker.enter()).toBe(0);
  expect(breaker.enter()).toBeGreaterThan(0);
  breaker.succeeded();
  expect([breaker.enter(), breaker.enter()]).toEqual([0, 0]);
  expect(states).toEqual(['open', 'half-open', 'closed']);
});

it('waits longer each time the one fails, up to two minutes', () => {
  const { clock, breaker, fail } = open();
  fail(5);
  const waits = Array.from({ length: 8 }, () => {
    const { waitMs } = breaker;
    clock.advance(waitMs);
    expect(breaker.enter()).toBe(0);
    fail(1);
    return waitMs;
  });
  expect(waits[2]!).toBeGreaterThan(waits[0]!);
  expect(waits.at(-1)!).toBeGreaterThanOrEqual(60_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(120_000);
});

it('lets another try when the one ended without an answer either way', () => {
  const { clock, breaker, fail } = open();
  fail(5);
  clock.advance(breaker.waitMs);
  expect(breaker.enter()).toBe(0);
  breaker.undecided();
  expect(breaker.enter()).toBe(0);
});

it('does not wait longer for failures of requests that were on their way when it opened', () => {
  const { breaker, fail, states } = open();
  fail(5);
  const { waitMs } = breaker;
  fail(4);
  expect(breaker.waitMs).toBe(waitMs);
  expect(states).toEqual(['open']);
});
