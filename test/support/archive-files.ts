import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Candle } from '../../src/candles/candle.js';

const MINUTE = 60_000;
export const BINANCE_HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';

export interface ArchiveRows {
  readonly header?: boolean;
  /** Binance's spot archive has microseconds from 2025-01-01 on. */
  readonly unit?: 'ms' | 'us';
}

/** Candles as Binance's archive writes them: twelve columns, eight decimals. */
export function binanceCsv(
  candles: readonly Candle[],
  { header = false, unit = 'ms' }: ArchiveRows = {},
): string {
  const time = (ms: number) => (unit === 'us' ? `${ms}000` : String(ms));
  const close = (ms: number) => (unit === 'us' ? `${ms + MINUTE - 1}999` : String(ms + MINUTE - 1));
  const rows = candles.map(({ openTime, open, high, low, close: last, volume }) =>
    [
      time(openTime),
      ...[open, high, low, last, volume].map(eightDecimals),
      close(openTime),
      '1.5',
      42,
      '0.7',
      '1.1',
      0,
    ].join(','),
  );
  return `${[...(header ? [BINANCE_HEADER] : []), ...rows].join('\n')}\n`;
}

function eightDecimals(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}

/** Writes a zip with one file in it, named like the zip. */
export async function writeZip(path: string, csv: string | Readable, inside?: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const zip = new ZipFile();
  const name = inside ?? basename(path).replace(/\.zip$/, '.csv');
  if (typeof csv === 'string') zip.addBuffer(Buffer.from(csv), name);
  else zip.addReadStream(csv, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

/** Writes the checksum beside a file, as `sha256sum` does; a wrong one when asked. */
export function writeChecksum(path: string, { wrong = false } = {}): void {
  const digest = createHash('sha256')
    .update(wrong ? 'something else' : readFileSync(path))
    .digest('hex');
  writeFileSync(`${path}.CHECKSUM`, `${digest}  ${basename(path)}\n`);
}

/** `BTC/USDT` and a day or month (`2023-03`, `2023-03-15`): the path in Binance's archive. */
export function archiveName(symbol: string, interval: string, date: string): string {
  const market = symbol.replace('/', '');
  const period = date.length === 7 ? 'monthly' : 'daily';
  return `${period}/klines/${market}/${interval}/${market}-${interval}-${date}.zip`;
}

/** Puts a file into an archive's folder, its checksum beside it. @returns its path */
export async function publish(
  base: string,
  {
    symbol,
    date,
    candles,
    ...form
  }: ArchiveRows & { symbol: string; date: string; candles: readonly Candle[] },
): Promise<string> {
  const path = join(base, archiveName(symbol, '1m', date));
  await writeZip(path, binanceCsv(candles, form));
  writeChecksum(path);
  return path;
}
