import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { CryptoFlowError } from '../common/errors.js';
import type { Interval } from '../common/interval.js';
import { WriterOnDemand } from '../database/writer-on-demand.js';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import { noteChange } from './change-log.js';
import { ExchangeNames } from './exchange-names.js';
import { NotKeptError } from './series-reader.js';

/** What was to confirm that the right series is meant does not name it. */
export class NotConfirmedError extends CryptoFlowError {
  constructor(name: string) {
    super('NOT_CONFIRMED', `all candles of the series would be removed: confirm it with confirm=${name}`);
  }
}

/** Nobody could collect it. */
export class UnknownExchangeError extends CryptoFlowError {
  constructor(exchange: string) {
    super('UNKNOWN_EXCHANGE', `there is no exchange ${exchange}`);
  }
}

/** A series that somebody wants to be collected. */
export interface WantedSeries {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** How far back its history is wanted, Unix ms; as far as the configuration says where none is given. */
  readonly from?: number | undefined;
}

interface SeriesRow {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: string;
}

const FIND = 'SELECT id FROM series WHERE exchange = ? AND symbol = ? AND interval = ?';
const CREATE = `INSERT INTO series (exchange, symbol, interval, created_at, requested) VALUES (?, ?, ?, ${SQL_NOW}, 1)
  ON CONFLICT (exchange, symbol, interval) DO UPDATE SET requested = 1, state = 'active', absent_since = NULL`;
const WANT_HISTORY = `UPDATE series SET backfill_from = min(coalesce(backfill_from, ?), ?), backfill_asked = ? WHERE id = ?`;
/** Its name is free at once, for whoever wants the series anew. */
const DELETE = `UPDATE series SET exchange = '', symbol = exchange || ':' || symbol || '#' || id, state = 'paused',
  requested = 0, deleted_at = ${SQL_NOW} WHERE id = ?`;

/**
 * What users ask to be done with series. Each is one small transaction; the work itself is the collectors', who learn of it
 * within seconds.
 */
@Injectable()
export class SeriesAdministration {
  constructor(
    @Inject(WriterOnDemand) private readonly writer: WriterOnDemand,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ExchangeNames) private readonly exchanges: ExchangeNames,
  ) {}

  /**
   * Has it collected from now on; one that is there already is taken up again. Whether the exchange has such a market is for
   * the collectors to find out.
   *
   * @throws UnknownExchangeError
   */
  async create({
    exchange,
    symbol,
    interval,
    from,
  }: WantedSeries): Promise<{ id: number; created: boolean }> {
    if (!this.exchanges.has(exchange)) throw new UnknownExchangeError(exchange);
    return this.writer.transaction(async (manager) => {
      const key = [exchange, symbol, interval];
      const [before] = await manager.query<Array<{ id: number }>>(FIND, key);
      await manager.query(CREATE, key);
      const [{ id }] = await manager.query<[{ id: number }]>(FIND, key);
      if (from !== undefined) await manager.query(WANT_HISTORY, [from, from, this.clock.now(), id]);
      return { id, created: before === undefined };
    });
  }

  /** It is kept, and left alone. @throws NotKeptError */
  async pause(id: number): Promise<void> {
    await this.update(id, `state = 'paused'`);
  }

  /** It is collected again, from where it was left. @throws NotKeptError */
  async resume(id: number): Promise<void> {
    await this.update(id, `state = 'active', absent_since = NULL`);
  }

  /** @param from how far back, Unix ms; what was wanted before where none is given. @throws NotKeptError */
  async backfill(id: number, from?: number): Promise<void> {
    await this.writer.transaction(async (manager) => {
      await findSeries(manager, id);
      const now = this.clock.now();
      if (from === undefined) {
        await manager.query('UPDATE series SET backfill_asked = ? WHERE id = ?', [now, id]);
      } else {
        await manager.query(WANT_HISTORY, [from, from, now, id]);
      }
    });
  }

  /** Whatever is missing is asked for again, however lately it was. @throws NotKeptError */
  async repair(id: number): Promise<void> {
    await this.writer.transaction(async (manager) => {
      await findSeries(manager, id);
      await manager.query('UPDATE series SET repair_asked = ? WHERE id = ?', [this.clock.now(), id]);
    });
  }

  /**
   * Takes the series out of every answer, within a second of those who have just asked for it; its rows are removed by and
   * by.
   *
   * @param confirm its name, `exchange:symbol@interval`
   * @throws NotKeptError | NotConfirmedError
   */
  async delete(id: number, confirm: string | undefined): Promise<void> {
    await this.writer.transaction(async (manager) => {
      const { exchange, symbol, interval } = await findSeries(manager, id);
      const name = `${exchange}:${symbol}@${interval}`;
      if (confirm !== name) throw new NotConfirmedError(name);
      await manager.query(DELETE, [id]);
      await noteChange(manager, { seriesId: id });
    });
  }

  private async update(id: number, assignment: string): Promise<void> {
    await this.writer.transaction(async (manager) => {
      await findSeries(manager, id);
      await manager.query(`UPDATE series SET ${assignment} WHERE id = ?`, [id]);
    });
  }
}

async function findSeries(manager: EntityManager, id: number): Promise<SeriesRow> {
  const [row] = await manager.query<SeriesRow[]>(
    'SELECT exchange, symbol, interval FROM series WHERE id = ? AND deleted_at IS NULL',
    [id],
  );
  if (!row) throw new NotKeptError('series', `there is no series ${id}`);
  return row;
}
