import { parseTime } from '../common/time.js';

const EPOCH = /^[1-9]\d{8,19}(?:\.0+)?$/;

/**
 * The time in a row: ISO 8601, or Unix seconds, milliseconds, microseconds (Binance's spot archive from 2025-01-01) or
 * nanoseconds, told apart by their size. Unambiguous from March 1973 to the year 5138.
 *
 * @returns Unix milliseconds, or null where it is no time, or not one of whole milliseconds
 */
export function parseRowTime(text: string): number | null {
  if (!EPOCH.test(text)) return parseIso(text);
  const [digits = ''] = text.split('.');
  if (digits.length <= 11) return Number(digits) * 1000;
  if (digits.length <= 14) return Number(digits);
  // Cut as text: a count of nanoseconds is beyond what a double holds.
  const places = digits.length <= 17 ? 3 : 6;
  return /^0+$/.test(digits.slice(-places)) ? Number(digits.slice(0, -places)) : null;
}

function parseIso(text: string): number | null {
  if (!/^\d{4}-/.test(text)) return null;
  try {
    return parseTime(text);
  } catch {
    return null;
  }
}
