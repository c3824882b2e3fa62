import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import type { Interval } from '../common/interval.js';
import { READER } from '../database/names.js';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import type { Series, SeriesState } from './series.js';

/** What was asked for of a series through the API. Unix ms. */
export interface SeriesWishes {
  /** How far back its history is wanted, whatever the configuration says; null where nobody asked. */
  readonly backfillFrom: number | null;
  /** When a backfill was last asked for; null where nobody did. */
  readonly backfillAsked: number | null;
  /** When a repair was last asked for: what is missing, and was last asked for before that, is due. */
  readonly repairAsked: number | null;
}

/** A series that is neither paused nor delisted. */
export interface ActiveSeries extends Series {
  readonly wishes: SeriesWishes;
  /** Whether it is collected because the API was asked to, and not only because the configuration names it. */
  readonly requested: boolean;
}

/** A series as the look at its exchange's list of markets needs it. Times are Unix ms. */
export interface RegisteredSeries extends Series {
  readonly state: SeriesState;
  /** Since when its market is not to be found active in the list, or null. */
  readonly absentSince: number | null;
  /** Whether there is a candle of it. */
  readonly hasCandles: boolean;
}

/** What the last list of an exchange's markets was like. */
export interface MarketListRow {
  /** When it was read, Unix ms. */
  readonly checkedAt: number;
  /** Active markets in the last list that was believed. */
  readonly markets: number;
  /** Since when the lists are too short to be believed, Unix ms, or null. */
  readonly shortSince: number | null;
  /** The selectors that it was read for. */
  readonly selectors: readonly string[];
}

/** The steps of a market's prices and amounts, as canonical decimals, as far as the exchange tells them. */
export interface MarketSteps {
  readonly symbol: string;
  readonly tickSize?: string | undefined;
  readonly stepSize?: string | undefined;
}

/** A listing date that was found for a series of the same market. */
export interface KnownListing {
  readonly interval: Interval;
  /** Open time of the oldest candle, Unix ms. */
  readonly listedAt: number;
}

/** What changes in the register after a look at a list of markets. Ids are those of series. */
export interface RegisterChanges {
  readonly added: ReadonlyArray<Pick<Series, 'symbol' | 'interval'>>;
  /** Missed for the first time. */
  readonly absent: readonly number[];
  /** To be found again before they were given up. */
  readonly present: readonly number[];
  readonly delisted: readonly number[];
  /** Were delisted, and trade again. */
  readonly relisted: readonly number[];
}

const ACTIVE = `SELECT id, exchange, symbol, interval, requested, backfill_from AS backfillFrom,
  backfill_asked AS backfillAsked, repair_asked AS repairAsked FROM series WHERE state = 'active' ORDER BY id`;
const REGISTERED = `SELECT id, exchange, symbol, interval, state, absent_since AS "absentSince",
  EXISTS (SELECT 1 FROM coverage WHERE series_id = series.id AND state = 'have') AS "hasCandles" FROM series`;
/** What an exchange does not tell any more stays as it was. */
const NOTE_STEPS = `UPDATE series SET tick_size = coalesce(told.tick, tick_size), step_size = coalesce(told.step, step_size)
  FROM (SELECT value ->> 0 AS symbol, value ->> 1 AS tick, value ->> 2 AS step FROM json_each(?)) AS told
  WHERE series.exchange = ? AND series.symbol = told.symbol
    AND (coalesce(told.tick, tick_size) IS NOT tick_size OR coalesce(told.step, step_size) IS NOT step_size)`;
const IDS = 'id IN (SELECT value FROM json_each(?))';

/** Reads which series there are and how they stand. */
@Injectable()
export class SeriesRegister {
  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The series to be collected: neither paused nor delisted. */
  async active(): Promise<ActiveSeries[]> {
    type Row = Series & SeriesWishes & { readonly requested: 0 | 1 };
    const rows = await this.reader.query<Row[]>(ACTIVE);
    return rows.map(({ backfillFrom, backfillAsked, repairAsked, requested, ...series }) => ({
      ...series,
      wishes: { backfillFrom, backfillAsked, repairAsked },
      requested: requested === 1,
    }));
  }

  async ofExchange(exchange: string): Promise<RegisteredSeries[]> {
    type Row = Omit<RegisteredSeries, 'hasCandles'> & { readonly hasCandles: 0 | 1 };
    const rows = await this.reader.query<Row[]>(`${REGISTERED} WHERE exchange = ? ORDER BY id`, [exchange]);
    return rows.map((row) => ({ ...row, hasCandles: row.hasCandles === 1 }));
  }

  /** @returns null when no list of this exchange was read yet */
  async lastList(exchange: string): Promise<MarketListRow | null> {
    type Row = Omit<MarketListRow, 'selectors'> & { readonly selectors: string };
    const [row] = await this.reader.query<Row[]>(
      `SELECT checked_at AS "checkedAt", markets, short_since AS "shortSince", selectors FROM market_list
       WHERE exchange = ?`,
      [exchange],
    );
    return row ? { ...row, selectors: JSON.parse(row.selectors) as string[] } : null;
  }

  /** The listing dates known for the other intervals of this market. */
  listings({ id, exchange, symbol }: Series): Promise<KnownListing[]> {
    return this.reader.query<KnownListing[]>(
      `SELECT interval, listed_at AS "listedAt" FROM series
       WHERE exchange = ? AND symbol = ? AND id <> ? AND listed_at IS NOT NULL`,
      [exchange, symbol, id],
    );
  }

  /** Writes down, in a guarded transaction, what a list of markets changes. */
  async apply(
    manager: EntityManager,
    exchange: string,
    list: MarketListRow,
    changes: RegisterChanges,
  ): Promise<void> {
    const now = this.clock.now();
    const set = async (assignment: string, ids: readonly number[], ...values: readonly unknown[]) => {
      if (ids.length === 0) return;
      await manager.query(`UPDATE series SET ${assignment} WHERE ${IDS}`, [...values, JSON.stringify(ids)]);
    };
    if (changes.added.length > 0) {
      const rows = changes.added.map(({ symbol, interval }) => [symbol, interval]);
      await manager.query(
        `INSERT INTO series (exchange, symbol, interval, created_at)
         SELECT CAST(? AS TEXT), value ->> 0, value ->> 1, ${SQL_NOW} FROM json_each(?) WHERE true
         ON CONFLICT DO NOTHING`,
        [exchange, JSON.stringify(rows)],
      );
    }
    await set('absent_since = ?', changes.absent, now);
    await set('absent_since = NULL', changes.present);
    await set(`state = 'delisted'`, changes.delisted);
    await set(`state = 'active', absent_since = NULL`, changes.relisted);
    await manager.query(
      `INSERT INTO market_list (exchange, checked_at, markets, short_since, selectors) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (exchange) DO UPDATE SET checked_at = excluded.checked_at, markets = excluded.markets,
         short_since = excluded.short_since, selectors = excluded.selectors`,
      [exchange, list.checkedAt, list.markets, list.shortSince, JSON.stringify(list.selectors)],
    );
  }
}

/** Writes down, in a guarded transaction, what the exchange says of the steps of its markets. */
export async function noteSteps(
  manager: EntityManager,
  exchange: string,
  markets: readonly MarketSteps[],
): Promise<void> {
  const rows = markets.map(({ symbol, tickSize, stepSize }) => [symbol, tickSize ?? null, stepSize ?? null]);
  await manager.query(NOTE_STEPS, [JSON.stringify(rows), exchange]);
}

/** Writes down, in a guarded transaction of the series, when its oldest candle opens: Unix ms. */
export async function noteListing(manager: EntityManager, series: Series, listedAt: number): Promise<void> {
  await manager.query('UPDATE series SET listed_at = ? WHERE id = ?', [listedAt, series.id]);
}
