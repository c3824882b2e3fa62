import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalDecimal, compareDecimals, InvalidDecimalError } from '../../src/common/decimal.js';

const CANONICAL = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/;

/** A number as `unscaled · 10^-scale`, and the many ways to write it. */
const written = fc
  .record({
    sign: fc.constantFrom('', '+', '-'),
    whole: fc.stringMatching(/^\d{0,25}$/),
    fraction: fc.option(fc.stringMatching(/^\d{0,25}$/), { nil: undefined }),
    exponent: fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
    mark: fc.constantFrom('e', 'E', 'e+'),
  })
  .filter(({ whole, fraction = '' }) => whole + fraction !== '')
  .map(({ sign, whole, fraction, exponent, mark }) => {
    const point = fraction === undefined ? '' : `.${fraction}`;
    const power = exponent === undefined ? '' : `${exponent < 0 ? 'e' : mark}${exponent}`;
    const magnitude = BigInt(whole + (fraction ?? ''));
    return {
      text: `${sign}${whole}${point}${power}`,
      unscaled: sign === '-' ? -magnitude : magnitude,
      scale: (fraction ?? '').length - (exponent ?? 0),
    };
  });

/** Both numbers as integers of one scale, on which BigInt arithmetic is exact. */
const SCALE = 80;
const integer = ({ unscaled, scale }: { unscaled: bigint; scale: number }) =>
  unscaled * 10n ** BigInt(SCALE - scale);

function valueOf(canonical: string): bigint {
  const [whole = '', fraction = ''] = canonical.replace('-', '').split('.');
  const magnitude = BigInt(whole + fraction) * 10n ** BigInt(SCALE - fraction.length);
  return canonical.startsWith('-') ? -magnitude : magnitude;
}

describe('canonicalDecimal', () => {
  it('keeps the value to the last digit, whatever the notation', () => {
    fc.assert(
      fc.property(written, (number) => {
        expect(valueOf(canonicalDecimal(number.text))).toBe(integer(number));
      }),
    );
  });

  it('gives one form only: no exponent, no plus sign, no needless zeros', () => {
    fc.assert(
      fc.property(written, ({ text }) => {
        const canonical = canonicalDecimal(text);
        expect(canonical).toMatch(CANONICAL);
        expect(canonicalDecimal(canonical)).toBe(canonical);
      }),
    );
  });

  it.each([
    ['1.50e-7', '0.00000015'],
    ['-0', '0'],
    ['-0.000e5', '0'],
    ['+00012.3400', '12.34'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e21', '1000000000000000000000'],
    ['123456789012345678.123456789012345678', '123456789012345678.123456789012345678'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
  });

  it.each([
    '',
    '.',
    '-',
    'e5',
    '1e',
    '1e5.5',
    '0x10',
    'NaN',
    'Infinity',
    '1,5',
    ' 1',
    '1 ',
    '--1',
    '1_000',
    '١',
  ])('refuses %j', (text) => {
    expect(() => canonicalDecimal(text)).toThrow(InvalidDecimalError);
  });

  it('agrees with JavaScript on every double', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
        const normal = Object.is(number, -0) ? 0 : number;
        expect(Number(canonicalDecimal(String(number)))).toBe(normal);
      }),
    );
  });
});

describe('compareDecimals', () => {
  it('orders as BigInt arithmetic does', () => {
    fc.assert(
      fc.property(written, written, (a, b) => {
        const order = compareDecimals(canonicalDecimal(a.text), canonicalDecimal(b.text));
        const [left, right] = [integer(a), integer(b)];
        expect(Math.sign(order)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });

  it('orders neighbours, which differ in the last digit only', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: 0, max: 40 }), (number, places) => {
        const [a, b] = [number, number + 1n].map((value) => canonicalDecimal(`${value}e-${places}`));
        expect(compareDecimals(a!, b!)).toBeLessThan(0);
        expect(compareDecimals(b!, a!)).toBeGreaterThan(0);
        expect(Math.abs(compareDecimals(a!, a!))).toBe(0);
      }),
    );
  });
});
