import { describe, expect, it } from 'vitest';
import { stepOf } from '../../../src/exchanges/ccxt/ccxt-precision.js';

describe('the step of a market', () => {
  it.each([
    ['0.01', 4, '0.01'],
    ['1e-8', 4, '0.00000001'],
    ['0.0500', 4, '0.05'],
    ['2', 2, '0.01'],
    [0, 2, '1'],
    ['0', 4, undefined],
    ['5', 3, undefined],
    [undefined, 4, undefined],
    ['x', 4, undefined],
    ['-2', 2, undefined],
  ])('of precision %j in mode %i is %s', (precision, mode, step) => {
    expect(stepOf(precision, mode)).toBe(step);
  });
});
