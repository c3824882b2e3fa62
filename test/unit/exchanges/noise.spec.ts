import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FractalNoise, growth, hashFraction } from '../../../src/exchanges/simulator/noise.js';
import { unitsToDecimal } from '../../../src/exchanges/simulator/tick-candle.js';
import { canonicalDecimal } from '../../../src/common/decimal.js';

describe('growth', () => {
  it('is e^x to one part in 10^6', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (x) => {
        expect(Math.abs(growth(x) / Math.exp(x) - 1)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('hashFraction', () => {
  it('spreads evenly', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => hashFraction(7, index));
    for (let decile = 0; decile < 10; decile += 1) {
      const share = values.filter((value) => Math.floor(value * 10) === decile).length / values.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.12);
    }
  });
});

describe('FractalNoise', () => {
  it('depends on the time only, not on what was asked before', () => {
    const used = new FractalNoise(5, 1_000_000, 8, 1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (time) => {
        expect(used.at(time)).toBe(new FractalNoise(5, 1_000_000, 8, 1).at(time));
      }),
    );
  });

  it('has no jumps', () => {
    const noise = new FractalNoise(5, 1_000_000, 4, 1);
    for (let time = 1e12; time < 1e12 + 2_000_000; time += 100) {
      expect(Math.abs(noise.at(time + 100) - noise.at(time))).toBeLessThan(0.01);
    }
  });
});

describe('unitsToDecimal', () => {
  it('is exact and canonical', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), fc.integer({ min: 0, max: 8 }), (units, decimals) => {
        expect(unitsToDecimal(units, decimals)).toBe(canonicalDecimal(`${units}e-${decimals}`));
      }),
    );
  });
});
