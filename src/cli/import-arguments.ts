import { parseArgs } from 'node:util';
import { errorMessage } from '../common/errors.js';
import { parseInterval } from '../common/interval.js';
import type { ImportOptions } from '../importing/importer.js';

export const IMPORT_USAGE = `Usage: cryptoflow import <file, folder or pattern>... [options]

Stores the candles of files in the database that DATABASE_URL names. A running service may go on meanwhile.

  --exchange <id>         the exchange they come from; binance unless given
  --symbol <BASE/QUOTE>   the market, where the file's name does not tell it: BTC/USDT
  --interval <interval>   the interval, where the file's name does not tell it: 1m, 1h, 1d, …
  --check                 compare the files with what is stored, and store nothing

Files: Binance's public archive (https://data.binance.vision) as .zip or .csv, as it names them
(BTCUSDT-1m-2023-03.zip, BTCUSDT-1m-2023-03-15.csv), compared with the .CHECKSUM beside them where there is one; and
any CSV with a header that names open_time (or time, timestamp, date), open, high, low, close and volume.

What is stored already is not changed. An import that was stopped goes on where it was when it is run again.

Exit code: 0 all is well; 1 something failed, or a check found differences; 2 wrong usage; 3 files or rows were refused;
130 or 143 it was stopped.
`;

export interface ImportArguments {
  readonly given: readonly string[];
  readonly options: ImportOptions;
}

/** @returns or what is wrong with it */
export function parseImportArguments(args: readonly string[]): ImportArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        exchange: { type: 'string', default: 'binance' },
        symbol: { type: 'string' },
        interval: { type: 'string' },
        check: { type: 'boolean', default: false },
      },
    });
    const { exchange, symbol, interval, check } = values;
    if (positionals.length === 0) return 'no file is named';
    if (!/^[a-z0-9_-]+$/i.test(exchange)) return `--exchange ${exchange}: no id of an exchange`;
    if (symbol !== undefined && !/^[^\s/@]+\/[^\s/@]+$/.test(symbol)) {
      return `--symbol ${symbol}: expected BASE/QUOTE, as in BTC/USDT`;
    }
    return {
      given: positionals,
      options: {
        exchange,
        symbol,
        interval: interval === undefined ? undefined : parseInterval(interval),
        check,
      },
    };
  } catch (error) {
    return errorMessage(error);
  }
}
