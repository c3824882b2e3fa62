import { describe, expect, it } from 'vitest';
import type { LockRow } from '../../../src/locks/lock-store.js';
import { SkewMonitor } from '../../../src/locks/skew-monitor.js';

const TTL = 30_000;
const HOUR = 3_600_000;
const LEASE: LockRow = {
  name: 'series:1',
  holder: 'other',
  fence: 1,
  acquiredAt: 0,
  renewedAt: 0,
  expiresAt: 0,
  held: true,
  now: 0,
};

/** Two processes on one database, whose wall clocks may disagree: one renews, the other looks once a second. */
function watch(skewOfWatcher: number, seconds: number, renewEverySeconds = 10) {
  const monitor = new SkewMonitor('watcher', TTL);
  for (let second = 0; second <= seconds; second += 1) {
    const time = 1_700_000_000_000 + second * 1000;
    const renewedAt = time - (second % renewEverySeconds) * 1000;
    monitor.observe([{ ...LEASE, renewedAt, now: time + skewOfWatcher }], second * 1000);
  }
  return { monitor, monotonic: seconds * 1000 };
}

describe('the skew monitor', () => {
  it('sees nothing where the clocks agree', () => {
    const { monitor, monotonic } = watch(0, 25);
    expect(Math.abs(monitor.skewMs(monotonic))).toBe(0);
  });

  it('sees that it is behind at the first look', () => {
    const { monitor } = watch(-HOUR, 0);
    expect(monitor.skewMs(0)).toBe(-HOUR);
  });

  it('sees that it is ahead at the second renewal before its eyes', () => {
    const { monitor: early, monotonic: then } = watch(HOUR, 19);
    expect(Math.abs(early.skewMs(then))).toBe(0);
    const { monitor, monotonic } = watch(HOUR, 20);
    expect(monitor.skewMs(monotonic)).toBeGreaterThan(HOUR - 2000);
    expect(monitor.skewMs(monotonic)).toBeLessThanOrEqual(HOUR);
  });

  it('does not take one for ahead whose neighbour was stopped between taking the time and its COMMIT', () => {
    const monitor = new SkewMonitor('watcher', TTL);
    const see = (second: number, renewedAt: number) =>
      monitor.observe([{ ...LEASE, renewedAt, now: second * 1000 }], second * 1000);
    see(0, 0);
    for (let second = 1; second < 19; second += 1) see(second, 0);
    see(19, 7000); // renewed at 7 s, committed at 19 s
    expect(Math.abs(monitor.skewMs(19_000))).toBe(0);
    see(20, 19_500);
    expect(Math.abs(monitor.skewMs(20_000))).toBe(0);
  });

  it('forgets what nobody bears out any more', () => {
    const { monitor, monotonic } = watch(HOUR, 20);
    expect(monitor.skewMs(monotonic + TTL + 1)).toBe(0);
  });

  it('takes nothing from its own leases and from those that were given back', () => {
    const monitor = new SkewMonitor('self', TTL);
    monitor.observe(
      [
        { ...LEASE, holder: 'self', renewedAt: HOUR },
        { ...LEASE, name: 'b', holder: '', renewedAt: HOUR },
      ],
      0,
    );
    expect(monitor.skewMs(0)).toBe(0);
  });

  it('tells for how long a lease has been silent, by the monotonic clock', () => {
    const { monitor, monotonic } = watch(HOUR, 19);
    expect(monitor.unchangedForMs('series:1', monotonic)).toBe(9000);
    expect(monitor.unchangedForMs('unknown', monotonic)).toBe(0);
  });
});
