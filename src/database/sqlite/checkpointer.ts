import { stat } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../common/clock.js';
import { errorCode } from '../../common/errors.js';
import type { Log } from '../../logging/log.js';
import { inLane } from '../lanes.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteDatabase } from './sqlite-database.js';

const MIB = 1024 * 1024;
/** Looked at every second; a PASSIVE checkpoint at this size of the WAL, or at this age. */
const PASSIVE_BYTES = 8 * MIB;
const PASSIVE_EVERY_MS = 30_000;
/** From this size on the WAL must start over from its beginning, which only a RESTART with the writers shut out can do. */
const RESTART_BYTES = 16 * MIB;
const RESTART_BUSY_MS = 50;
const RESTART_BACKOFF_MS = 500;

/**
 * Moves the WAL into the database file off the write path: `wal_autocheckpoint` is 0 on every writing connection, since
 * a checkpoint inside COMMIT makes one writer pay for all.
 */
export class Checkpointer {
  private connection: SqliteConnection | undefined;
  private stopTimer: (() => void) | undefined;
  private working: Promise<void> | undefined;
  private lastPassive = 0;
  private notBefore = 0;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly writer: DataSource,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.lastPassive = this.clock.monotonic();
    this.stopTimer = this.clock.every(1000, () => {
      this.working ??= this.tick()
        .catch((error: unknown) => this.log.warn('database.checkpoint.failed', { error }))
        .finally(() => (this.working = undefined));
    });
  }

  /** Empties the WAL as far as other processes allow, and closes the connection. */
  async stop(): Promise<void> {
    this.stopTimer?.();
    await this.working;
    await this.checkpoint('TRUNCATE').catch((error: unknown) =>
      this.log.warn('database.checkpoint.failed', { error }),
    );
    await this.connection?.close();
    this.connection = undefined;
  }

  private async tick(): Promise<void> {
    const now = this.clock.monotonic();
    const bytes = await walBytes(this.database.file);
    if (bytes < PASSIVE_BYTES && now - this.lastPassive < PASSIVE_EVERY_MS) return;
    this.lastPassive = now;
    await this.checkpoint('PASSIVE');
    if (bytes < RESTART_BYTES || now < this.notBefore) return;
    const restarted = await this.restart();
    if (!restarted) this.notBefore = now + RESTART_BACKOFF_MS;
  }

  /** PASSIVE takes no lock that a writer or a reader would notice. */
  private async checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): Promise<void> {
    this.connection ??= await this.database.openWriter();
    await this.connection.all(`PRAGMA wal_checkpoint(${mode})`);
  }

  /** Inside the write queue, so that no writer of this process meets it. @returns whether the WAL starts over */
  private restart(): Promise<boolean> {
    return inLane('maintenance', async () => {
      const runner = this.writer.createQueryRunner();
      try {
        await runner.query(`PRAGMA busy_timeout = ${RESTART_BUSY_MS}`);
        const [row] = (await runner.query('PRAGMA wal_checkpoint(RESTART)')) as Array<{ busy: number }>;
        if (row?.busy) this.database.statistics.busy.checkpoint += 1;
        return row?.busy === 0;
      } finally {
        await runner.query('PRAGMA busy_timeout = 0');
        await runner.release();
      }
    });
  }
}

/** The size of the WAL file; its high-water mark since it last started over. */
export async function walBytes(file: string): Promise<number> {
  try {
    return (await stat(`${file}-wal`)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
