import { expect, it } from 'vitest';
import { Recent } from '../../../../src/protocols/binance/recent.js';
import { ManualClock } from '../../../support/fixtures/manual-clock.js';

it('an answer is remembered for a second, a failure is not', async () => {
  const clock = new ManualClock();
  const recent = new Recent<number>(clock);
  let made = 0;
  const ask = () => recent.get('x', async () => (made += 1));
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  clock.advance(999);
  expect(await ask()).toBe(1);
  clock.advance(1);
  expect(await ask()).toBe(2);

  const failing = () => recent.get('y', () => Promise.reject(new Error('no')));
  await expect(failing()).rejects.toThrow('no');
  expect(await recent.get('y', async () => 7)).toBe(7);
});

it('an answer that is long in the making is made once, and remembered in proportion', async () => {
  const clock = new ManualClock();
  const recent = new Recent<number>(clock, 4);
  let made = 0;
  let finish = () => {};
  const ask = () =>
    recent.get('x', async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return (made += 1);
    });
  const first = ask();
  clock.advance(3000);
  const second = ask();
  finish();
  expect(await Promise.all([first, second])).toEqual([1, 1]);
  clock.advance(11_999);
  expect(await ask()).toBe(1);
  clock.advance(1);
  const third = ask();
  finish();
  expect(await third).toBe(2);
});
