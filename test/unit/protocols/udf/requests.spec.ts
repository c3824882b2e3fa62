import { describe, expect, it } from 'vitest';
import {
  historySchema,
  MAX_BARS,
  quotesSchema,
  searchSchema,
} from '../../../../src/protocols/udf/udf.schemas.js';

const BARS = { symbol: 'X', resolution: '1', from: '0', to: '60' };
const read = (changes: Record<string, unknown>) => historySchema.safeParse({ ...BARS, ...changes });

describe('a request for bars', () => {
  it.each([
    ['0', 0],
    ['1700000000', 1_700_000_000_000],
    ['1.5', 1500],
    ['1.0001', 1001],
    ['-1.0001', -1000],
    ['-1', -1000],
    ['1e3', 1_000_000],
    ['1e300', 253_402_300_799_999],
    ['-1e300', -62_135_596_800_000],
    ['99999999999999999999', 253_402_300_799_999],
    ['1e-999', 0],
  ])('takes the time %s', (text, time) => {
    const { data } = read({ from: text, to: text });
    expect(data?.from, 'from').toBeCloseTo(time, 9);
    expect(data?.to, 'to').toBeCloseTo(time, 9);
  });

  it.each(['', ' ', 'x', 'NaN', 'Infinity', '1,5', '0x10', '--1', '1e', '1 2', ['1', '2'], undefined])(
    'refuses the time %o',
    (to) => {
      expect(read({ to }).success).toBe(false);
    },
  );

  it.each(['0', '-1', '1.5', '', 'x', '1e3', '9999999999'])('refuses the count %o', (countback) => {
    expect(read({ countback }).success).toBe(false);
  });

  it('cuts a count that is too long for one answer', () => {
    expect(read({ countback: '329' }).data?.countback).toBe(329);
    expect(read({ countback: '50001' }).data?.countback).toBe(MAX_BARS);
  });

  it('needs a beginning or a count', () => {
    expect(read({ from: undefined }).success).toBe(false);
    expect(read({ from: undefined, countback: '2' }).success).toBe(true);
  });

  it('passes over what it does not know', () => {
    expect(read({ currencyCode: 'USD', unitId: '1' }).data).not.toHaveProperty('currencyCode');
  });
});

describe('a request for symbols', () => {
  it('has its defaults', () => {
    expect(searchSchema.parse({})).toEqual({ query: '', type: '', exchange: '', limit: 30 });
  });
});

describe('a request for quotes', () => {
  it('names symbols with commas between them', () => {
    expect(quotesSchema.parse({ symbols: 'A:B/C,D,' })).toEqual({ symbols: ['A:B/C', 'D'] });
  });

  it.each(['', ',', ' , ', 'A,'.repeat(201)])('refuses none, and too many', (symbols) => {
    expect(quotesSchema.safeParse({ symbols }).success).toBe(false);
  });
});
