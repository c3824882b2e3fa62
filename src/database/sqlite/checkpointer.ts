import { stat } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { Clock } from '../../common/clock.js';
import { errorCode } from '../../common/errors.js';
import type { Log } from '../../logging/log.js';
import { inLane } from '../lanes.js';
import { lockHolders } from './lock-holders.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteDatabase } from './sqlite-database.js';

const MIB = 1024 * 1024;
const TICK_MS = 100;
/** A PASSIVE checkpoint when so much of the WAL is not in the database file, or after so long. */
const PASSIVE_BYTES = 8 * MIB;
const PASSIVE_EVERY_MS = 30_000;
/** From this size on the WAL must start over from its beginning, which only a RESTART with the writers shut out can do. */
const RESTART_BYTES = 16 * MIB;
const RESTART_BUSY_MS = 50;
/**
 * After a RESTART that readers kept from its end, twice as long each time: without it, one after the other would hold the
 * queue all the time. At the first, most likely one reader was late.
 */
const RESTART_BACKOFF_MS = { first: 100, most: 500 };
/** From this size on bulk work waits until the WAL has started over. */
const PAUSE_BYTES = 24 * MIB;
/** A WAL file that is larger is cut back to nothing once no more than this has been in it for so long. */
const IDLE_FILE_BYTES = 4 * MIB;
const IDLE_MS = 60_000;
/** How soon it is tried again after an error. */
const AFTER_ERROR_MS = 5000;
/** A page of the default size and its header, as they stand in the WAL. */
const FRAME_BYTES = 4096 + 24;
/** How often it is said who keeps the WAL from starting over. */
const COMPLAIN_EVERY_MS = 10_000;

/** What `PRAGMA wal_checkpoint` answers: frames in the WAL, and how many of them are in the database file. */
interface WalState {
  readonly busy: number;
  readonly log: number;
  readonly checkpointed: number;
}

type Mode = 'NOOP' | 'PASSIVE' | 'RESTART' | 'TRUNCATE';

/** The WAL as it was seen last. */
export interface WalReport {
  readonly frames: number;
  /** Bytes of those frames: what the WAL holds, whatever the size of its file. */
  readonly bytes: number;
  /** Processes whose read transactions keep it from starting over. */
  readonly heldBy: readonly number[];
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
  private restartBackoff = RESTART_BACKOFF_MS.first;
  private lastLarge = 0;
  /** After an error, such as a full disk: until then nothing is tried. */
  private pausedUntil = -Infinity;
  /** Frames at the last RESTART that succeeded: the WAL counts them until the next writer begins it anew. */
  private restartedAt = -1;
  private complainedAt = -Infinity;
  private report: WalReport = { frames: 0, bytes: 0, heldBy: [] };

  constructor(
    private readonly database: SqliteDatabase,
    private readonly writer: DataSource,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  get wal(): WalReport {
    return this.report;
  }

  start(): void {
    this.lastPassive = this.lastLarge = this.clock.monotonic();
    this.stopTimer = this.clock.every(TICK_MS, () => {
      this.working ??= this.tick()
        .catch((error: unknown) => {
          this.pausedUntil = this.clock.monotonic() + AFTER_ERROR_MS;
          this.log.warn('database.checkpoint.failed', { error });
        })
        .finally(() => (this.working = undefined));
    });
  }

  /** Empties the WAL as far as other processes allow, and closes the connection. */
  async stop(): Promise<void> {
    this.stopTimer?.();
    await this.working;
    this.database.queue.resume();
    if (!this.isDamaged)
      await this.checkpoint('TRUNCATE').catch((error: unknown) =>
        this.log.warn('database.checkpoint.failed', { error }),
      );
    await this.connection?.close();
    this.connection = undefined;
  }

  private async tick(): Promise<void> {
    // Nothing more is written to a damaged file, and the queue would refuse the turn.
    if (this.isDamaged) return;
    const now = this.clock.monotonic();
    if (now < this.pausedUntil) return;
    const old = now - this.lastPassive >= PASSIVE_EVERY_MS;
    const fileBytes = await walBytes(this.database.file);
    if (!old && fileBytes < Math.min(PASSIVE_BYTES, IDLE_FILE_BYTES)) {
      this.note(Math.floor(fileBytes / FRAME_BYTES), now); // at most so many
      return this.startedOver(); // or another process has emptied it
    }

    // The file keeps its size when the WAL starts over: only its frames tell what is in it.
    const { log, checkpointed } = await this.checkpoint('NOOP');
    this.note(log === this.restartedAt ? 0 : log, now);

    if (old || (log - checkpointed) * FRAME_BYTES >= PASSIVE_BYTES) {
      // A RESTART has just failed: nothing is gained by waiting for the next before bulk work stops.
      if (this.report.bytes >= PAUSE_BYTES && now < this.notBefore) await this.holdBack(now);
      this.lastPassive = now;
      await this.checkpoint('PASSIVE');
    }
    if (this.report.bytes >= RESTART_BYTES) {
      if (now >= this.notBefore) await this.restart(now, log);
    } else {
      this.startedOver();
      if (fileBytes >= IDLE_FILE_BYTES && now - this.lastLarge >= IDLE_MS) {
        this.lastLarge = now;
        await this.checkpoint('TRUNCATE');
      }
    }
  }

  private get isDamaged(): boolean {
    return this.database.health.state.state === 'stopped';
  }

  private note(frames: number, now: number): void {
    const bytes = frames * FRAME_BYTES;
    if (bytes >= IDLE_FILE_BYTES) this.lastLarge = now;
    this.report = { ...this.report, frames, bytes };
  }

  /** Inside the write queue, so that no writer of this process meets it. */
  private async restart(now: number, frames: number): Promise<void> {
    const started = this.clock.monotonic();
    const busy = await inLane('locks', async () => {
      const runner = this.writer.createQueryRunner();
      try {
        await runner.query(`PRAGMA busy_timeout = ${RESTART_BUSY_MS}`);
        try {
          const [state] = (await runner.query('PRAGMA wal_checkpoint(RESTART)')) as WalState[];
          return state!.busy === 1;
        } finally {
          await runner.query('PRAGMA busy_timeout = 0');
        }
      } finally {
        await runner.release();
      }
    });
    this.recordCheckpoint('RESTART', busy, started);
    if (!busy) {
      this.restartedAt = frames;
      this.restartBackoff = RESTART_BACKOFF_MS.first;
      return this.startedOver();
    }
    this.notBefore = this.clock.monotonic() + this.restartBackoff;
    this.restartBackoff = Math.min(this.restartBackoff * 2, RESTART_BACKOFF_MS.most);
    if (frames * FRAME_BYTES >= PAUSE_BYTES) await this.holdBack(now);
  }

  private async holdBack(now: number): Promise<void> {
    this.database.queue.pause('the WAL must start over');
    await this.complain(now);
  }

  private startedOver(): void {
    this.database.queue.resume();
    if (this.report.heldBy.length > 0) this.report = { ...this.report, heldBy: [] };
  }

  /** Says which processes have a read transaction open. */
  private async complain(now: number): Promise<void> {
    const heldBy = (await lockHolders(this.database.file))?.readers ?? [];
    this.report = { ...this.report, heldBy };
    if (now - this.complainedAt < COMPLAIN_EVERY_MS) return;
    this.complainedAt = now;
    this.log.warn('database.wal.held', { bytes: this.report.bytes, pids: heldBy });
  }

  /** PASSIVE takes no lock that a writer or a reader would notice; NOOP only looks. */
  private async checkpoint(mode: Exclude<Mode, 'RESTART'>): Promise<WalState> {
    this.connection ??= await this.database.openWriter();
    const started = this.clock.monotonic();
    const [state] = await this.connection.all<WalState>(`PRAGMA wal_checkpoint(${mode})`);
    if (mode !== 'NOOP') this.recordCheckpoint(mode, state!.busy === 1, started);
    return state!;
  }

  private recordCheckpoint(mode: Mode, busy: boolean, started: number): void {
    const { statistics } = this.database;
    if (busy) statistics.record({ kind: 'busy', operation: 'checkpoint' });
    const ms = this.clock.monotonic() - started;
    statistics.record({ kind: 'checkpointed', mode, result: busy ? 'busy' : 'done', ms });
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
