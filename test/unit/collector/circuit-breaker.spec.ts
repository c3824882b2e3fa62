import { expect, it } from 'vitest';
import { CircuitBreaker } from '../../../src/collector/budget/circuit-breaker.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

const HOUR = 3_600_000;

function open() {
  const clock = new ManualClock();
  const states: string[] = [];
  const breaker = new CircuitBreaker(clock, ({ state }) => states.push(state));
  /** Requests that are let through, and fail. */
  const fail = (times: number, symbol: string | null = 'A/B') => {
    for (let n = 0; n < times; n += 1) {
      breaker.enter(symbol);
      breaker.failed('EXCHANGE_TIMEOUT', symbol);
    }
  };
  return { clock, states, breaker, fail };
}

it('lets single failures pass, and opens at the fifth in a row', () => {
  const { breaker, fail, states } = open();
  fail(4);
  breaker.succeeded();
  fail(4);
  expect(breaker.enter('A/B')).toBe(0);
  fail(1);
  expect(states).toEqual(['open']);
  expect(breaker.enter('A/B')).toBeGreaterThanOrEqual(5000);
  expect(breaker.lastError).toBe('EXCHANGE_TIMEOUT');
});

it('stays closed when one of several markets is broken, and opens when a second one fails', () => {
  const { breaker, fail, states } = open();
  expect(breaker.enter('C/D')).toBe(0);
  breaker.succeeded();
  fail(50);
  expect(states).toEqual([]);
  fail(1, 'C/D');
  expect(states).toEqual(['open']);
});

it('opens when the exchange as a whole fails, whatever markets it has', () => {
  const { breaker, fail, states } = open();
  expect([breaker.enter('A/B'), breaker.enter('C/D')]).toEqual([0, 0]);
  fail(5, null);
  expect(states).toEqual(['open']);
});

it('opens for the only market that is asked for, also when there were others once', () => {
  const { clock, breaker, fail, states } = open();
  expect(breaker.enter('C/D')).toBe(0);
  clock.advance(HOUR);
  fail(5);
  expect(states).toEqual(['open']);
});

it('lets one try when the wait is over, and all others when that one succeeds', () => {
  const { clock, breaker, fail, states } = open();
  fail(5);
  clock.advance(breaker.waitMs);
  expect(breaker.enter('A/B')).toBe(0);
  expect(breaker.enter('C/D')).toBeGreaterThan(0);
  breaker.succeeded();
  expect([breaker.enter('A/B'), breaker.enter('C/D')]).toEqual([0, 0]);
  expect(states).toEqual(['open', 'half-open', 'closed']);
});

it('waits longer each time the one fails, up to two minutes', () => {
  const { clock, breaker, fail } = open();
  fail(5);
  const waits = Array.from({ length: 8 }, () => {
    const { waitMs } = breaker;
    clock.advance(waitMs);
    expect(breaker.waitMs).toBe(0);
    fail(1);
    return waitMs;
  });
  expect(waits[2]!).toBeGreaterThan(waits[0]!);
  expect(waits.at(-1)!).toBeGreaterThanOrEqual(60_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(120_000);
});

it('lets others try before the one whose attempt has failed, so that no broken market keeps it open', () => {
  const { clock, breaker, fail, states } = open();
  fail(1, 'C/D');
  fail(4);
  clock.advance(breaker.waitMs);
  fail(1);
  clock.advance(breaker.waitMs);
  const wait = breaker.enter('A/B');
  expect(wait).toBeGreaterThan(0);
  expect(breaker.enter('C/D')).toBe(0);
  breaker.succeeded();
  expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);

  // If nobody else comes, it may try itself.
  fail(1, 'C/D');
  fail(4);
  clock.advance(breaker.waitMs);
  fail(1);
  clock.advance(breaker.waitMs);
  clock.advance(breaker.enter('A/B'));
  expect(breaker.enter('A/B')).toBe(0);
});

it('lets another try when the one ended without an answer either way', () => {
  const { clock, breaker, fail } = open();
  fail(5);
  clock.advance(breaker.waitMs);
  expect(breaker.enter('A/B')).toBe(0);
  breaker.undecided();
  expect(breaker.enter('C/D')).toBe(0);
});

it('does not wait longer for failures of requests that were on their way when it opened', () => {
  const { breaker, fail, states } = open();
  fail(5);
  const { waitMs } = breaker;
  fail(4);
  expect(breaker.waitMs).toBe(waitMs);
  expect(states).toEqual(['open']);
});
