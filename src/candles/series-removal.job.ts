import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { inLane } from '../database/lanes.js';
import { READER } from '../database/names.js';
import { LockService } from '../locks/lock.service.js';
import { Log } from '../logging/log.js';
import { seriesLease } from './series-leases.js';

const LOOK_EVERY_MS = 2000;
/** Rows that one transaction removes: a few milliseconds of the writer. */
const BATCH = 2000;

const DELETED = 'SELECT id FROM series WHERE deleted_at IS NOT NULL';
/** By the keys of the tables; of those without a list here there are few rows. */
const KEYS: ReadonlyArray<readonly [table: string, key: string]> = [
  ['candle', 'open_time'],
  ['rollup', 'interval, open_time'],
  ['candle_revision', 'open_time, revised_at'],
  ['coverage', 'from_time'],
  ['quarantine', 'id'],
];
const FEW = ['forming_candle', 'rollup_build', 'rollup_check'];

/** Removes the rows of deleted series, in small batches, once nobody works on them any more. */
@Injectable()
export class SeriesRemovalJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private stopTimer: () => void = () => undefined;
  private running: Promise<void> | null = null;

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(LockService) private readonly locks: LockService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.stopTimer = this.clock.every(LOOK_EVERY_MS, () => {
      this.running ??= this.run()
        .catch((error: unknown) => this.log.warn('series.removal.failed', { error }))
        .finally(() => (this.running = null));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopTimer();
    this.stop.abort();
    await this.running;
  }

  /** Removes what there is to be removed, as far as nobody else is at it. */
  async run(): Promise<void> {
    for (const { id } of await this.reader.query<Array<{ id: number }>>(DELETED)) {
      if (this.stop.signal.aborted) return;
      await this.remove(id);
    }
  }

  private async remove(id: number): Promise<void> {
    const lease = await this.locks.acquire(seriesLease(id));
    if (!lease) return;
    try {
      const signal = AbortSignal.any([this.stop.signal, lease.signal]);
      for (const [table, key] of KEYS) {
        const sql = `DELETE FROM ${table} WHERE series_id = ? AND (${key}) IN (
          SELECT ${key} FROM ${table} WHERE series_id = ? LIMIT ${BATCH}) RETURNING 1`;
        let removed: unknown[];
        do {
          signal.throwIfAborted();
          removed = await inLane('maintenance', () =>
            this.locks.transaction(lease, (manager) => manager.query<unknown[]>(sql, [id, id])),
          );
        } while (removed.length === BATCH);
      }
      await this.locks.transaction(lease, async (manager) => {
        for (const table of FEW) await manager.query(`DELETE FROM ${table} WHERE series_id = ?`, [id]);
        await manager.query('DELETE FROM series WHERE id = ?', [id]);
      });
      this.log.info('series.removed', { series: id });
    } catch (error) {
      if (!this.stop.signal.aborted) throw error;
    } finally {
      await this.locks.release(lease);
    }
  }
}
