import { describe, expect, it } from 'vitest';
import { lastFireTime } from '../../../src/common/fire-times.js';

const at = (iso: string) => Date.parse(iso);

describe('the last fire time of a cron expression', () => {
  it.each([
    ['0 0 6 * * *', '2024-03-10T05:59:59.999Z', '2024-03-09T06:00:00Z'],
    ['0 0 6 * * *', '2024-03-10T06:00:00.000Z', '2024-03-10T06:00:00Z'],
    ['0 0 6 * * *', '2024-03-10T06:00:00.001Z', '2024-03-10T06:00:00Z'],
    ['* * * * * *', '2024-03-10T06:00:07.500Z', '2024-03-10T06:00:07Z'],
    ['30 */10 * * * *', '2024-03-10T06:10:29Z', '2024-03-10T06:00:30Z'],
    ['0 0 0 1 1 *', '2024-12-31T23:00:00Z', '2024-01-01T00:00:00Z'],
    ['0 0 2 31 3 *', '2025-03-01T00:00:00Z', '2024-03-31T02:00:00Z'],
  ])('%s at %s is %s', (expression, now, expected) => {
    expect(lastFireTime(expression, at(now))).toBe(at(expected));
  });

  it('is null where it has not fired within a year', () => {
    expect(lastFireTime('0 0 0 29 2 *', at('2027-06-01T00:00:00Z'))).toBeNull();
  });
});
