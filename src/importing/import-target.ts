import { basename, resolve, sep } from 'node:path';
import { ArchiveError } from '../archives/archive-error.js';
import { openTimesOf, parseArchiveName } from '../archives/archive-name.js';
import type { Window } from '../candles/coverage.js';
import type { Interval } from '../common/interval.js';
import { errorMessage } from '../common/errors.js';
import { marketOf, symbolOf } from './market-names.js';

/** Which candles a file holds. */
export interface ImportTarget {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** The open times that it holds if it is complete; null where its name does not tell. */
  readonly window: Window | null;
}

/** What the user says of all files. */
export interface TargetOptions {
  readonly exchange: string;
  readonly symbol?: string | undefined;
  readonly interval?: Interval | undefined;
}

/**
 * Finds out what is in a file, from its name and what the user says.
 *
 * @param kept symbols of the exchange that are kept
 * @throws ArchiveError where that does not suffice, or the two contradict each other
 */
export function targetOf(path: string, options: TargetOptions, kept: readonly string[]): ImportTarget {
  const named = nameOf(path);
  const { exchange } = options;
  const symbol =
    options.symbol ?? (named ? symbolOf(named.market, kept) : missing('market', '--symbol BASE/QUOTE'));
  const interval = options.interval ?? named?.interval ?? missing('interval', '--interval');
  if (named?.exact && marketOf(symbol) !== named.market) {
    throw new ArchiveError('ARCHIVE_UNKNOWN', `by its name it holds ${named.market} and not ${symbol}`);
  }
  if (named?.exact && interval !== named.interval) {
    throw new ArchiveError(
      'ARCHIVE_UNKNOWN',
      `by its name it holds candles of ${named.interval} and not ${interval}`,
    );
  }
  if (!symbol.includes(':') && exchange === 'binance' && isOfFutures(path)) {
    throw new ArchiveError(
      'ARCHIVE_UNKNOWN',
      `it is in a folder of futures: name the exchange and the symbol, as in --exchange binanceusdm --symbol ${symbol}:USDT`,
    );
  }
  return { exchange, symbol, interval, window: named?.exact ? openTimesOf(named) : null };
}

function nameOf(path: string) {
  try {
    return parseArchiveName(basename(path));
  } catch (error) {
    throw new ArchiveError('ARCHIVE_UNKNOWN', errorMessage(error), { cause: error });
  }
}

/** In Binance's archive futures have their folders, and files of the same names. */
function isOfFutures(path: string): boolean {
  return resolve(path).split(sep).includes('futures');
}

function missing(what: string, option: string): never {
  throw new ArchiveError('ARCHIVE_UNKNOWN', `its name does not tell the ${what}: give it with ${option}`);
}
