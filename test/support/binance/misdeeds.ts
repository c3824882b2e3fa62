import { FIELD, type Kline } from './klines.js';

/** Which klines, by open time (Unix ms). */
export type Where = (openTime: number) => boolean;

/**
 * Falsifies an answer.
 *
 * @param klines that would be sent, in the order in which they would be
 * @param all klines of the market
 */
export type Misdeed = (klines: readonly Kline[], where: Where, all: readonly Kline[]) => Kline[];

export const everywhere: Where = () => true;

export function at(...openTimes: readonly number[]): Where {
  return (openTime) => openTimes.includes(openTime);
}

/** `to` is exclusive. */
export function between(from: number, to: number): Where {
  return (openTime) => openTime >= from && openTime < to;
}

/** Sends them twice. */
export const doubled: Misdeed = eachOf((kline) => [kline, kline]);

/** Leaves them out: an outage, or a market that was not traded. */
export const withheld: Misdeed = eachOf(() => []);

/** Sends high for low and low for high. */
export const upsideDown: Misdeed = eachOf((kline) => [
  replaced(replaced(kline, 'high', kline[FIELD.low]), 'low', kline[FIELD.high]),
]);

/** Sends the same figures in exponent form: `2.31404800e+4`. */
export const inExponentForm: Misdeed = eachOf((kline) => [
  kline.map((field, index) =>
    index >= FIELD.open && index <= FIELD.volume ? exponent(String(field)) : field,
  ),
]);

/** Opens them that many milliseconds later. */
export function shifted(ms: number): Misdeed {
  return eachOf((kline) => [replaced(kline, 'openTime', Number(kline[FIELD.openTime]) + ms)]);
}

/** Sends something else for a figure or the time. */
export function having(field: keyof typeof FIELD, value: unknown): Misdeed {
  return eachOf((kline) => [replaced(kline, field, value)]);
}

/** Sends each, and after it another of the same time with this close. */
export function contradictedBy(close: string): Misdeed {
  return eachOf((kline) => [kline, replaced(kline, 'close', close)]);
}

/** Sends the answer in another order: the second half first, backwards. */
export const unordered: Misdeed = (klines) => {
  const half = Math.ceil(klines.length / 2);
  return [...klines.slice(half).toReversed(), ...klines.slice(0, half)];
};

/** Does not keep to the window: up to `count` klines from before it come along. */
export function startingEarlier(count: number): Misdeed {
  return (klines, _, all) => {
    const first = klines[0]?.[FIELD.openTime];
    const index = all.findIndex((kline) => kline[FIELD.openTime] === first);
    return [...all.slice(Math.max(0, index - count), Math.max(0, index)), ...klines];
  };
}

function eachOf(change: (kline: Kline) => Kline[]): Misdeed {
  return (klines, where) =>
    klines.flatMap((kline) => (where(Number(kline[FIELD.openTime])) ? change(kline) : [kline]));
}

function replaced(kline: Kline, field: keyof typeof FIELD, value: unknown): Kline {
  return kline.with(FIELD[field], value);
}

/** `0.00001234` → `0.1234e-4`: of the same digits, but for zeros. */
function exponent(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = (whole + fraction).replace(/^0+/, '') || '0';
  return `0.${digits}e${digits.length - fraction.length}`;
}
