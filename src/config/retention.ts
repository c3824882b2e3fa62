import { CryptoFlowError } from '../common/errors.js';
import { isInterval, type Interval } from '../common/interval.js';
import { parseDuration } from '../common/time.js';
import { matchesSymbol } from './market-selector.js';

const DAY_MS = 86_400_000;

/** What else than candles is kept for a time only. */
const KEPT_RECORDS = ['revisions', 'quarantine'] as const;
export type KeptRecord = (typeof KEPT_RECORDS)[number];

interface CandleRule {
  readonly exchange: string;
  readonly symbol: string;
  readonly intervals: readonly string[];
  readonly keepMs: number;
}

export class InvalidRetentionError extends CryptoFlowError {
  constructor(message: string) {
    super('INVALID_RETENTION', message);
  }
}

/** How long things are kept. What no rule speaks of is kept for ever. */
export class Retention {
  private constructor(
    private readonly rules: readonly CandleRule[],
    private readonly records: ReadonlyMap<KeptRecord, number>,
  ) {}

  /**
   * Reads `binance:*\/USDT@1m=90d *@1m=1y revisions=30d`: `[exchange:]symbol@interval[,interval…]=duration`, or a record's
   * name. Of several rules that match a series the first counts.
   *
   * @throws InvalidRetentionError that tells which entry, without its text
   */
  static parse(text: string): Retention {
    const rules: CandleRule[] = [];
    const records = new Map<KeptRecord, number>();
    const entries = text.split(/\s+/).filter((entry) => entry !== '');
    for (const [index, entry] of entries.entries()) {
      const [what = '', duration = '', ...rest] = entry.split('=');
      if (rest.length > 0 || duration === '') throw malformed(index);
      const keepMs = parseKeep(duration, index);
      const record = KEPT_RECORDS.find((name) => name === what);
      if (record) records.set(record, keepMs);
      else rules.push({ ...parseSelector(what, index), keepMs });
    }
    return new Retention(rules, records);
  }

  get isEmpty(): boolean {
    return this.rules.length === 0 && this.records.size === 0;
  }

  /** For how long candles of this series and interval are kept, in milliseconds; null for ever. */
  ofCandles(exchange: string, symbol: string, interval: Interval): number | null {
    const rule = this.rules.find(
      (candidate) =>
        matchesSymbol(candidate.exchange, exchange) &&
        matchesSymbol(candidate.symbol, symbol) &&
        candidate.intervals.includes(interval),
    );
    return rule?.keepMs ?? null;
  }

  /** For how long such records are kept, in milliseconds; null for ever. */
  ofRecords(record: KeptRecord): number | null {
    return this.records.get(record) ?? null;
  }
}

const SELECTOR = /^(?:([a-z0-9_*-]+):)?([^\s@]+)@([^\s@]+)$/i;

function parseSelector(text: string, index: number): Omit<CandleRule, 'keepMs'> {
  const match = SELECTOR.exec(text);
  if (!match) throw malformed(index);
  const [, exchange = '*', symbol, intervals] = match;
  const named = intervals!.split(',');
  if (!named.every(isInterval)) throw new InvalidRetentionError(`entry ${index + 1}: unknown interval`);
  return { exchange, symbol: symbol!, intervals: named };
}

function parseKeep(text: string, index: number): number {
  const years = /^(\d+)y$/.exec(text);
  let keepMs: number;
  try {
    keepMs = years ? Number(years[1]) * 365 * DAY_MS : parseDuration(text);
  } catch (error) {
    throw new InvalidRetentionError(`entry ${index + 1}: ${(error as Error).message}, or years, as in 2y`);
  }
  if (keepMs < DAY_MS) throw new InvalidRetentionError(`entry ${index + 1}: expected at least 1d`);
  return keepMs;
}

function malformed(index: number): InvalidRetentionError {
  return new InvalidRetentionError(
    `entry ${index + 1}: expected [exchange:]symbol@interval=duration or ${KEPT_RECORDS.join(' or ')}=duration, ` +
      'as in *@1m=90d',
  );
}
