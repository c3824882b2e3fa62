import { canonicalDecimal, decimalStep } from '../../common/decimal.js';

/** ccxt's constants (`ccxt.DECIMAL_PLACES`, `ccxt.TICK_SIZE`). */
const DECIMAL_PLACES = 2;
const TICK_SIZE = 4;

/**
 * The step that a market's precision stands for, as a canonical decimal.
 *
 * @returns undefined where the exchange tells none, or counts significant digits, which is no one step
 */
export function stepOf(precision: unknown, mode: unknown): string | undefined {
  if (typeof precision !== 'string' && typeof precision !== 'number') return undefined;
  const figure = Number(precision);
  if (mode === TICK_SIZE) return figure > 0 ? canonicalDecimal(String(precision)) : undefined;
  const isPlaces = mode === DECIMAL_PLACES && Number.isInteger(figure) && figure >= 0 && figure <= 40;
  return isPlaces ? decimalStep(figure) : undefined;
}
