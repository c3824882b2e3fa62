/** A decimal number as a whole number of units of `10 ** -scale`. */
export interface ScaledDecimal {
  readonly units: bigint;
  readonly scale: number;
}

const ZERO = '0'.charCodeAt(0);

/** @param text a canonical decimal (`decimal.ts`) */
export function toScaled(text: string): ScaledDecimal {
  const point = text.indexOf('.');
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** The exact sum; that of nothing is zero. */
export function sumScaled(values: readonly ScaledDecimal[]): ScaledDecimal {
  let scale = 0;
  for (const value of values) if (value.scale > scale) scale = value.scale;
  let units = 0n;
  for (const value of values) {
    units += value.scale === scale ? value.units : value.units * 10n ** BigInt(scale - value.scale);
  }
  return { units, scale };
}

/** As a canonical decimal. */
export function fromScaled({ units, scale }: ScaledDecimal): string {
  const text = String(units);
  if (scale === 0 || units === 0n) return text;
  const negative = units < 0n;
  const digits = (negative ? text.slice(1) : text).padStart(scale + 1, '0');
  const point = digits.length - scale;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  const whole = digits.slice(0, point);
  const magnitude = end === point ? whole : `${whole}.${digits.slice(point, end)}`;
  return negative ? `-${magnitude}` : magnitude;
}
