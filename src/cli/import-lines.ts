import type { Candle } from '../candles/candle.js';
import { formatTime } from '../common/time.js';
import { FAULT_WORDS } from '../importing/fault-words.js';
import type { FileReport, RowCounts } from '../importing/file-report.js';

/** Of a row that is shown, in characters. */
const MAX_ROW = 120;
const format = new Intl.NumberFormat('en-US');

export function countOf(number: number): string {
  return format.format(number);
}

export function plural(number: number, noun: string): string {
  return `${countOf(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** What became of a file, as lines of text: what it comes to, and then details. */
export function describeFile(path: string, report: FileReport): string[] {
  if (report.outcome === 'complete') return [`${path}: all of it is there already`];
  if ('reason' in report) return [`${path}: ${report.outcome}: ${report.reason}`];
  const { outcome, rows, short } = report;
  const details = outcome === 'checked' ? differences(rows) : wanting(short);
  const sum = outcome === 'checked' ? checked(rows) : imported(rows);
  const fate = outcome === 'checked' ? 'no candles' : 'no candles, kept in quarantine';
  return [`${path}: ${sum}`, ...details, ...refusals(rows, fate)];
}

function imported({ stored, had }: RowCounts): string {
  return `${plural(stored, 'candle')} stored${had === 0 ? '' : `, ${countOf(had)} there already`}`;
}

function checked({ same, differing, absent }: RowCounts): string {
  return `${countOf(same)} the same, ${countOf(differing)} different, ${countOf(absent)} not stored`;
}

function wanting(short: number | null): string[] {
  if (short === null || short <= 0) return [];
  return [`  ${plural(short, 'candle')} of its period not in it: left for backfill to ask the exchange for`];
}

function differences({ differing, differences }: RowCounts): string[] {
  const lines = differences.map(
    ({ file, stored }) =>
      `    ${formatTime(file.openTime)}: in the file ${figures(file)}, stored ${figures(stored)}`,
  );
  return differing === 0
    ? []
    : [`  open, high, low, close, volume${firstOf(differing, lines.length)}:`, ...lines];
}

/** @param fate what has become of them */
function refusals({ refused, refusals }: RowCounts, fate: string): string[] {
  if (refused === 0) return [];
  const lines = refusals.map(
    ({ line, reason, payload }) =>
      `    line ${line}: ${FAULT_WORDS[reason]} (${reason}): ${payload.slice(0, MAX_ROW)}`,
  );
  return [`  ${plural(refused, 'row')} refused: ${fate}${firstOf(refused, lines.length)}:`, ...lines];
}

function firstOf(all: number, shown: number): string {
  return all > shown ? `, the first ${shown}` : '';
}

function figures({ open, high, low, close, volume }: Candle): string {
  return [open, high, low, close, volume].join(' ');
}
