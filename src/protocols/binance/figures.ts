import { fromScaled, sumScaled, toScaled, type ScaledDecimal } from '../../common/decimal-sum.js';

/** Digits behind the point of what does not come out even. */
const AVERAGE_PLACES = 8;
const PERCENT_PLACES = 3;

export function difference(a: string, b: string): string {
  const { units, scale } = toScaled(b);
  return fromScaled(sumScaled([toScaled(a), { units: -units, scale }]));
}

export function sum(figures: readonly string[]): string {
  return fromScaled(sumScaled(figures.map(toScaled)));
}

/** The sum of the products, exact. */
export function sumOfProducts(pairs: ReadonlyArray<readonly [string, string]>): string {
  return fromScaled(
    sumScaled(
      pairs.map(([a, b]) => {
        const [left, right] = [toScaled(a), toScaled(b)];
        return { units: left.units * right.units, scale: left.scale + right.scale };
      }),
    ),
  );
}

/** What one unit cost on average; null where none was traded. */
export function average(quoteVolume: string, volume: string): string | null {
  return ratio(toScaled(quoteVolume), toScaled(volume), AVERAGE_PLACES);
}

/** How much that is of the price at the beginning; null where there was none. */
export function percentOf(change: string, before: string): string | null {
  const { units, scale } = toScaled(change);
  return ratio({ units: units * 100n, scale }, toScaled(before), PERCENT_PLACES);
}

/** Rounded to so many places, halves away from zero. */
function ratio(a: ScaledDecimal, b: ScaledDecimal, places: number): string | null {
  if (b.units === 0n) return null;
  const top = a.units * 10n ** BigInt(b.scale + places);
  const bottom = b.units * 10n ** BigInt(a.scale);
  const negative = top < 0n !== bottom < 0n;
  const [size, by] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  const units = (2n * size + by) / (2n * by);
  return fromScaled({ units: negative ? -units : units, scale: places });
}
