import { CryptoFlowError } from './errors.js';

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;
const ISO_8601 =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
/** The range of ECMAScript time values, which SQLite's 64-bit integers hold with room to spare. */
const MAX_TIME = 8_640_000_000_000_000;

export class InvalidTimeError extends CryptoFlowError {
  constructor(message: string) {
    super('INVALID_TIME', message);
  }
}

/**
 * A duration such as `30s`, `500ms`, `30d`, in milliseconds.
 *
 * @throws InvalidTimeError
 */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text.trim());
  const ms = match ? Math.round(Number(match[1]) * (UNITS[match[2]!] ?? NaN)) : NaN;
  if (!Number.isSafeInteger(ms)) {
    throw new InvalidTimeError(
      `not a duration: expected a number and a unit of ms, s, m, h, d or w, as in 30d`,
    );
  }
  return ms;
}

/**
 * A point in time, given as Unix milliseconds or ISO 8601 (UTC where it names no zone), in Unix milliseconds.
 *
 * @throws InvalidTimeError
 */
export function parseTime(text: string): number {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) {
    const ms = Number(trimmed);
    if (Math.abs(ms) <= MAX_TIME) return ms;
  } else if (ISO_8601.test(trimmed)) {
    const ms = Date.parse(withZone(trimmed.replace(' ', 'T').replace(',', '.')));
    if (!Number.isNaN(ms) && dayExists(trimmed)) return ms;
  }
  throw new InvalidTimeError(
    'not a time: expected Unix milliseconds or ISO 8601, as in 2024-01-31T12:00:00Z',
  );
}

/** Unix milliseconds as ISO 8601, UTC. */
export function formatTime(time: number): string {
  return new Date(time).toISOString();
}

function withZone(iso: string): string {
  if (iso.length === 10 || iso.endsWith('Z')) return iso;
  const short = /([+-]\d{2})$/.exec(iso.slice(10));
  if (short) return `${iso}:00`;
  return /[+-]\d{2}:?\d{2}$/.test(iso.slice(10)) ? iso.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : `${iso}Z`;
}

/** `Date.parse` accepts 30 February as 1 March. */
function dayExists(iso: string): boolean {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number) as [number, number, number];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
