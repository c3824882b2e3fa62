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
/** A page of the default size and its header, as they stand in the WAL. */
const FRAME_BYTES = 4096 + 24;

/** What `PRAGMA wal_checkpoint` answers: frames in the WAL, and how many of them are in the database file. */
interface WalState {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

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
    const old = now - this.lastPassive >= PASSIVE_EVERY_MS;
    if (!old && (await walBytes(this.database.file)) < PASSIVE_BYTES) return;
    // The file keeps its size when the WAL starts over: only its frames tell what is in it.
    const { log, checkpointed } = await this.checkpoint('NOOP');
    if (old || (log - checkpointed) * FRAME_BYTES >= PASSIVE_BYTES) {
      this.lastPassive = now;
      await this.checkpoint('PASSIVE');
    }
    if (log * FRAME_BYTES < RESTART_BYTES || now < this.notBefore) return;
    const restarted = await this.restart();
    if (!restarted) this.notBefore = now + RESTART_BACKOFF_MS;
  }

  /** PASSIVE takes no lock that a writer or a reader would notice; NOOP only looks. */
  private async checkpoint(mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): Promise<WalState> {
    this.connection ??= await this.database.openWriter();
    const [state] = await this.connection.all<WalState>(`PRAGMA wal_checkpoint(${mode})`);
    return state!;
  }

  /** Inside the write queue, so that no writer of this process meets it. @returns whether the WAL starts over */
  private restart(): Promise<boolean> {
    return inLane('maintenance', async () => {
      const runner = this.writer.createQueryRunner();
      try {
        await runner.query(`PRAGMA busy_timeout = ${RESTART_BUSY_MS}`);
        try {
          const [state] = (await runner.query('PRAGMA wal_checkpoint(RESTART)')) as WalState[];
          if (state!.busy) this.database.statistics.busy.checkpoint += 1;
          return !state!.busy;
        } finally {
          await runner.query('PRAGMA busy_timeout = 0');
        }
      } finally {
        await runner.release();
      }
    });
  }
}

/** The size of the WAL file: the most that it ever held, up to `journal_size_limit`. */
export async function walBytes(file: string): Promise<number> {
  try {
    return (await stat(`${file}-wal`)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
