import { firstOpenTimeFrom, parseInterval, stepOpenTime, type Interval } from '../common/interval.js';
import { formatTime, parseTime } from '../common/time.js';

/** What the name of a file of Binance's public archive tells: `BTCUSDT-1m-2023-03.zip`, `BTCUSDT-1m-2023-03-15.csv`. */
export interface ArchiveName {
  /** The exchange's own id of the market, `BTCUSDT`. */
  readonly market: string;
  /** Whether it is written as Binance does: a name like it, `btcusdt-1m-2023-03.csv`, may be of a file of any extent. */
  readonly exact: boolean;
  readonly interval: Interval;
  readonly period: 'monthly' | 'daily';
  /** The month or the day, Unix ms, half open. */
  readonly from: number;
  readonly to: number;
}

const NAME = /^([^-\s/\\]+)-(\d+[a-z]+)-(\d{4}-\d{2})(?:-(\d{2}))?\.(?:zip|csv)$/i;
/** Candles that may reach over the end of a month: which file holds them is the archive's affair. */
const LONG: ReadonlySet<Interval> = new Set<Interval>(['3d', '1w', '1M']);

/**
 * @param file without its folder
 * @returns null for a name of another form
 * @throws UnknownIntervalError for one that is not kept, such as `1s`; InvalidTimeError
 */
export function parseArchiveName(file: string): ArchiveName | null {
  const [, market, interval, month, day] = NAME.exec(file) ?? [];
  if (market === undefined || interval === undefined || month === undefined) return null;
  const from = parseTime(`${month}-${day ?? '01'}`);
  return {
    market: market.toUpperCase(),
    exact: market === market.toUpperCase(),
    interval: parseInterval(interval === '1mo' ? '1M' : interval),
    period: day === undefined ? 'monthly' : 'daily',
    from,
    to: stepOpenTime(day === undefined ? '1M' : '1d', from, 1),
  };
}

/** Where the archive keeps a file, below its base: `monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2023-03.zip`. */
export function archivePath({ market, interval, period, from }: Omit<ArchiveName, 'to' | 'exact'>): string {
  // Their word for a month tells it from a minute where file names have no case.
  const word = interval === '1M' ? '1mo' : interval;
  const date = formatTime(from).slice(0, period === 'monthly' ? 7 : 10);
  return `${period}/klines/${market}/${word}/${market}-${word}-${date}.zip`;
}

/** The open times that the file may hold, half open, or null where its name does not tell. */
export function openTimesOf({
  interval,
  from,
  to,
}: Pick<ArchiveName, 'interval' | 'from' | 'to'>): { from: number; to: number } | null {
  if (LONG.has(interval)) return null;
  return { from: firstOpenTimeFrom(interval, from), to: firstOpenTimeFrom(interval, to) };
}

/** Whether a file of a month or a day holds exactly the candles that open in it. */
export function fitsIntoFiles(interval: Interval): boolean {
  return !LONG.has(interval);
}
