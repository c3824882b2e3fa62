import type { Clock } from '../../common/clock.js';
import type { Log } from '../../logging/log.js';
import type { ReaderPool } from './reader-pool.js';

const EVERY_MS = 250;
/** A read that lasts longer keeps the WAL from starting over; what needs more reads page by page. */
const LIMIT_MS = 2000;

/** Sees that no reader of this process stays for long. */
export class ReaderWatch {
  private stopTimer: (() => void) | undefined;

  constructor(
    private readonly readers: ReaderPool,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.stopTimer = this.clock.every(EVERY_MS, () => {
      const readers = this.readers.interruptOlderThan(LIMIT_MS);
      if (readers > 0) this.log.warn('database.reader.interrupted', { readers, limitMs: LIMIT_MS });
    });
  }

  stop(): void {
    this.stopTimer?.();
  }
}
