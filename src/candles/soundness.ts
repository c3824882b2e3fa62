import { compareDecimals } from '../common/decimal.js';
import type { Candle } from './candle.js';

/** Why a row of an exchange's answer, or of a file, is no candle. Stable: stored, counted, shown. */
export const CANDLE_FAULTS = [
  /** It has no open time, or one that cannot be one: no number, or before 2009 as seconds taken for milliseconds are. */
  'time_unreadable',
  /** A price or the volume is missing, or is no finite decimal. */
  'figure_unreadable',
  /** It opens between two open times of its interval. */
  'off_grid',
  /** It opens more than a minute from now, by the exchange's clock and by ours. */
  'not_begun',
  /** A price is zero or negative. */
  'price_not_positive',
  /** Open or close lies below the low or above the high. */
  'price_outside_range',
  'volume_negative',
  /** One answer, or file, holds two closed candles of one open time that differ. */
  'contradictory',
  /** Of a file only, as the open candle of an answer is kept apart: it is not over yet. */
  'still_open',
  /** Of a file only, as an exchange may send what it was not asked for: its name speaks of another time. */
  'outside_period',
] as const;

export type CandleFault = (typeof CANDLE_FAULTS)[number];

/** A row that an exchange sent, or a file holds, and that is not stored as a candle. */
export interface RejectedCandle {
  /** Unix ms; null where it cannot be read. */
  readonly openTime: number | null;
  readonly reason: CandleFault;
  /** The row as it was sent, cut after {@link MAX_PAYLOAD} characters. */
  readonly payload: string;
}

/** Characters. A row of any exchange has fewer than 200. */
export const MAX_PAYLOAD = 500;
/** What opens within this time after now, in milliseconds, may come from a clock that is a little ahead of both. */
export const CLOCK_TOLERANCE_MS = 60_000;
/** Longer figures are nobody's price: what is behind them is an exponent gone wrong. */
const MAX_DIGITS = 100;

/** What is wrong with the figures of a candle, all in canonical form; null when nothing is. Exact, as text. */
export function figureFault({ open, high, low, close, volume }: Candle): CandleFault | null {
  for (const figure of [open, high, low, close, volume]) {
    if (figure.length > MAX_DIGITS) return 'figure_unreadable';
  }
  for (const price of [open, high, low, close]) {
    if (price === '0' || price.startsWith('-')) return 'price_not_positive';
  }
  for (const price of [open, close]) {
    if (compareDecimals(low, price) > 0 || compareDecimals(price, high) > 0) return 'price_outside_range';
  }
  return volume.startsWith('-') ? 'volume_negative' : null;
}

/** A row as text, as JSON where it is not text already. */
export function payloadText(row: unknown): string {
  const text = typeof row === 'string' ? row : (JSON.stringify(row) ?? String(row));
  return text.length > MAX_PAYLOAD ? `${text.slice(0, MAX_PAYLOAD - 1)}…` : text;
}
