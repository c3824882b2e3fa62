import { parseArgs } from 'node:util';
import type { ExportQuery } from '../candles/candle-export.js';
import { errorMessage } from '../common/errors.js';
import { parseTime } from '../common/time.js';
import { isWildcard, parseMarkets } from '../config/market-selector.js';

export const EXPORT_USAGE = `Usage: cryptoflow export <exchange>:<BASE/QUOTE>@<interval> [options]

Writes the closed candles of a series as CSV, oldest first, every digit as it is stored: to standard output, or to a file.
The interval may also be one that is made of 1m. A running service goes on meanwhile.

  --from <time>      the first open time: 2025-01-01, 2025-01-01T12:00Z, or Unix time
  --to <time>        open times from here on are left out
  --output <file>    where to write; it appears when it is whole, and replaces one that is there

What is written can be read by \`cryptoflow import\`.

Exit code: 0 all is written; 1 something failed; 2 wrong usage; 130 or 143 it was stopped.
`;

export interface ExportArguments {
  readonly query: ExportQuery;
  /** null for standard output. */
  readonly output: string | null;
}

/** @returns or what is wrong with it */
export function parseExportArguments(args: readonly string[]): ExportArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { from: { type: 'string' }, to: { type: 'string' }, output: { type: 'string' } },
    });
    const [selector, ...others] = positionals.length > 0 ? parseMarkets(positionals.join(' ')) : [];
    if (!selector) return 'no series is named';
    const { exchange, symbol, intervals } = selector;
    const [interval, ...more] = intervals;
    if (others.length > 0 || more.length > 0 || isWildcard(selector))
      return 'name one series: an export is one file';
    const from = timeOf('from', values.from);
    const to = timeOf('to', values.to);
    if (from !== undefined && to !== undefined && from > to) return '--from is after --to';
    return { query: { exchange, symbol, interval: interval!, from, to }, output: values.output ?? null };
  } catch (error) {
    return errorMessage(error);
  }
}

function timeOf(option: string, text: string | undefined): number | undefined {
  try {
    return text === undefined ? undefined : parseTime(text);
  } catch (error) {
    throw new Error(`--${option} ${text}: ${errorMessage(error)}`, { cause: error });
  }
}
