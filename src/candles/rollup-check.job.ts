import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inLane } from '../database/lanes.js';
import { READER } from '../database/names.js';
import { GuardedCron } from '../locks/guarded-cron.decorator.js';
import type { JobContext } from '../locks/job-guard.js';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import { Log } from '../logging/log.js';
import { minutesOf, type RollupInterval } from './rollup.js';

/** A series that is collected, and rolled up from minutes as well. */
interface Pair {
  readonly id: number;
  readonly minutesId: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: RollupInterval;
  /** Of the pass that is going on; null before the first. */
  readonly nextTime: number | null;
  readonly compared: number | null;
  readonly different: number | null;
  readonly lastDifference: number | null;
}

interface Comparison {
  readonly read: number;
  readonly last: number | null;
  readonly compared: number;
  readonly different: number;
  readonly lastDifference: number | null;
}

/** Candles per series in one run, and of all series. */
const PER_SERIES = 2000;
const PER_RUN = 100_000;
/** Where a pass begins; also says that the last one is over. */
const BEGINNING = 0;

const PAIRS = `SELECT collected.id, minutes.id AS minutesId, collected.exchange, collected.symbol, collected.interval,
    next_time AS nextTime, compared, different, last_difference AS lastDifference
  FROM series AS collected
  JOIN series AS minutes ON minutes.exchange = collected.exchange AND minutes.symbol = collected.symbol
    AND minutes.interval = '1m'
  LEFT JOIN rollup_check ON rollup_check.series_id = collected.id
  WHERE collected.interval <> '1m' ORDER BY ifnull(checked_at, 0), collected.id`;

const DIFFERS = `(it.open, it.high, it.low, it.close, it.volume)
  <> (made.open, made.high, made.low, made.close, made.volume)`;
/** Of the candle `it`: a month's differ. */
const MINUTES_OF_MONTH = `(unixepoch(it.open_time / 1000, 'unixepoch', '+1 month') - it.open_time / 1000) / 60`;

const COMPARE = (minutes: string) => `SELECT count(*) AS read, max(it.open_time) AS last,
    count(made.open_time) AS compared, count(*) FILTER (WHERE ${DIFFERS}) AS different,
    max(it.open_time) FILTER (WHERE ${DIFFERS}) AS lastDifference
  FROM (SELECT * FROM candle WHERE series_id = ? AND open_time >= ? ORDER BY open_time LIMIT ${PER_SERIES}) AS it
  LEFT JOIN rollup AS made ON made.series_id = ? AND made.interval = ? AND made.open_time = it.open_time
    AND made.minutes = ${minutes}`;

const SAVE = `INSERT INTO rollup_check (series_id, next_time, compared, different, last_difference, checked_at)
  VALUES (?, ?, ?, ?, ?, ${SQL_NOW})
  ON CONFLICT (series_id) DO UPDATE SET next_time = excluded.next_time, compared = excluded.compared,
    different = excluded.different, last_difference = excluded.last_difference, checked_at = excluded.checked_at`;

/**
 * Compares what an exchange serves of an interval with what its minutes make, candle by candle where no minute is
 * missing; a stretch of each series per run, over and over. It changes nothing: the collected candle stays the answer.
 */
@Injectable()
export class RollupCheckJob {
  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Log) private readonly log: Log,
  ) {}

  @GuardedCron('45 5,15,25,35,45,55 * * * *', 'rollup-check')
  check(context: JobContext): Promise<void> {
    return this.compareAll(context);
  }

  /** Compares the next stretch of each series, those first that have waited longest. */
  async compareAll({ signal, transaction }: JobContext): Promise<void> {
    let [read, compared, different] = [0, 0, 0];
    for (const pair of await this.reader.query<Pair[]>(PAIRS)) {
      signal.throwIfAborted();
      const found = await this.compare(pair);
      read += found.read;
      compared += found.compared;
      different += found.different;
      const row = resultOf(pair, found);
      await inLane('maintenance', () => transaction((manager) => manager.query(SAVE, row)));
      if (found.different > 0) this.report(pair, found);
      if (read >= PER_RUN) break;
    }
    if (read > 0) this.log.info('rollup.check.done', { compared, different });
  }

  private async compare({ id, minutesId, interval, nextTime }: Pair): Promise<Comparison> {
    const minutes = interval === '1M' ? MINUTES_OF_MONTH : String(minutesOf(interval, 0));
    const from = nextTime === null || nextTime === BEGINNING ? Number.MIN_SAFE_INTEGER : nextTime;
    const [found] = await this.reader.query<[Comparison]>(COMPARE(minutes), [id, from, minutesId, interval]);
    return found;
  }

  private report({ exchange, symbol, interval }: Pair, { compared, different, lastDifference }: Comparison) {
    const fields = { exchange, symbol, interval, compared, different, lastDifference };
    this.log.warn('rollup.check.different', fields);
  }
}

/** The counts are those of a pass; the first stretch of one begins them anew. */
function resultOf(pair: Pair, found: Comparison): unknown[] {
  const goesOn = pair.nextTime !== null && pair.nextTime !== BEGINNING;
  return [
    pair.id,
    found.read < PER_SERIES ? BEGINNING : found.last! + 1,
    found.compared + (goesOn ? pair.compared! : 0),
    found.different + (goesOn ? pair.different! : 0),
    found.lastDifference ?? (goesOn ? pair.lastDifference : null),
  ];
}
