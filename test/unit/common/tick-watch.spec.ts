import { expect, it } from 'vitest';
import { TickWatch } from '../../../src/common/tick-watch.js';

const NOON = Date.UTC(2024, 0, 1, 12);
const MINUTE = 60_000;

it('a tick that does not come within four seconds is missed, and told once', () => {
  const watch = new TickWatch('30 */10 * * * *', NOON);
  const due = NOON + 30_000;
  expect(watch.missed(due + 3999)).toBeNull();
  expect(watch.missed(due + 4000)).toBe(due);
  expect(watch.missed(due + 5 * MINUTE)).toBeNull();
});

it('of several that were missed the latest is told', () => {
  const watch = new TickWatch('30 */10 * * * *', NOON);
  expect(watch.missed(NOON + 45 * MINUTE)).toBe(NOON + 40 * MINUTE + 30_000);
  expect(watch.missed(NOON + 45 * MINUTE)).toBeNull();
  expect(watch.missed(NOON + 51 * MINUTE)).toBe(NOON + 50 * MINUTE + 30_000);
});

it('one that came, however late, is not missed, nor what was due before anybody watched', () => {
  const watch = new TickWatch('2 * * * * *', NOON + 2000);
  expect(watch.missed(NOON + 50_000)).toBeNull();
  watch.ticked(NOON + MINUTE + 2100);
  expect(watch.missed(NOON + MINUTE + 59_000)).toBeNull();
});
