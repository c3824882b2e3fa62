import { CryptoFlowError } from './errors.js';

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** As exchanges write nearly all of them: canonical but for zeros at the end. */
const PLAIN = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

export class InvalidDecimalError extends CryptoFlowError {
  constructor(text: string) {
    super('INVALID_DECIMAL', `not a decimal number: ${JSON.stringify(text.slice(0, 60))}`);
  }
}

/**
 * The canonical form of a decimal number: no exponent, no plus sign, no leading or trailing zeros, `-0` is `0`.
 * Works on text only, so that no digit is ever rounded.
 *
 * @example canonicalDecimal('1.50e-7') // '0.00000015'
 * @throws InvalidDecimalError when the text is not a finite decimal number
 */
export function canonicalDecimal(text: string): string {
  if (PLAIN.test(text)) return withoutTrailingZeros(text);
  const match = DECIMAL.exec(text);
  if (!match) throw new InvalidDecimalError(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') throw new InvalidDecimalError(text);

  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const split = Math.max(point, 1);
  const integer = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(split).replace(/0+$/, '');
  const magnitude = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

const CANONICAL = /^(?:-(?!0$))?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;

/** Whether a text is a decimal number in canonical form. */
export function isCanonicalDecimal(text: string): boolean {
  return CANONICAL.test(text);
}

/** How many digits a canonical decimal has behind its point. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/**
 * The smallest step of numbers with so many digits behind the point.
 *
 * @example decimalStep(2) // '0.01'
 */
export function decimalStep(places: number): string {
  return places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`;
}

/** Orders two canonical decimals: negative, zero or positive, as for `Array.prototype.sort`. */
export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const negative = a.startsWith('-');
  if (negative !== b.startsWith('-')) return negative ? -1 : 1;
  // With as many digits before the point, numbers are ordered as their texts are.
  const longer = wholeLength(a) - wholeLength(b);
  const order = longer === 0 ? (a < b ? -1 : 1) : longer;
  return negative ? -order : order;
}

function wholeLength(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? text.length : point;
}

function withoutTrailingZeros(text: string): string {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text.endsWith('0', end)) end -= 1;
  return text.slice(0, text.endsWith('.', end) ? end - 1 : end);
}
