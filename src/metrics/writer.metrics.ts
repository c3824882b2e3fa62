import { Inject, Injectable } from '@nestjs/common';
import { LANES } from '../database/lanes.js';
import { Checkpointer } from '../database/sqlite/checkpointer.js';
import { lockHolders } from '../database/sqlite/lock-holders.js';
import { SqliteDatabase } from '../database/sqlite/sqlite-database.js';
import { Instruments } from './instruments.js';

/** Seconds: half a millisecond to the deadline of the write queue. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STATES = ['ok', 'degraded', 'stopped'] as const;
const CHECKPOINTS = ['PASSIVE', 'RESTART', 'TRUNCATE'].flatMap((mode) =>
  ['done', 'busy'].map((result) => ({ mode, result })),
);

/** The write queue and the WAL: in a process that writes. */
@Injectable()
export class WriterMetrics {
  constructor(
    @Inject(Instruments) private readonly instruments: Instruments,
    @Inject(SqliteDatabase) private readonly database: SqliteDatabase,
    @Inject(Checkpointer) checkpointer: Checkpointer,
  ) {
    this.observeDurations();
    this.readQueue();
    instruments.gauge(
      'sqlite_wal_frames',
      'Pages in the WAL since it last started over; with its header one of the default size has 4120 bytes',
      () => checkpointer.wal.frames,
    );
    instruments.gauge(
      'sqlite_writer_holder_pid',
      'Process that is inside a write transaction; 0 when none is, or where the system does not tell',
      async () => (await lockHolders(database.file))?.writer ?? 0,
    );
  }

  private observeDurations(): void {
    const { instruments } = this;
    const waits = instruments.histogram(
      'sqlite_write_wait_seconds',
      'From asking for the writer until inside the transaction',
      BUCKETS,
      ['lane'],
    );
    const holds = instruments.histogram(
      'sqlite_write_hold_seconds',
      'For how long the write lock was held',
      BUCKETS,
      ['lane'],
    );
    const checkpoints = instruments.histogram(
      'sqlite_checkpoint_duration_seconds',
      'Checkpoints of the WAL; busy when readers kept one from its end',
      BUCKETS,
      ['mode', 'result'],
    );
    for (const lane of LANES) {
      waits.zero({ lane });
      holds.zero({ lane });
    }
    for (const labels of CHECKPOINTS) checkpoints.zero(labels);
    this.database.statistics.observe((event) => {
      if (event.kind === 'waited') waits.observe({ lane: event.lane }, event.ms / 1000);
      if (event.kind === 'held') holds.observe({ lane: event.lane }, event.ms / 1000);
      if (event.kind === 'checkpointed') {
        checkpoints.observe({ mode: event.mode, result: event.result }, event.ms / 1000);
      }
    });
  }

  private readQueue(): void {
    const { instruments } = this;
    const { queue, health } = this.database;
    instruments.gauges('sqlite_write_queue_depth', 'Tasks that wait for the writer', ['lane'], () => {
      const { depth } = queue.status;
      return LANES.map((lane) => [{ lane }, depth[lane]] as const);
    });
    instruments.gauge(
      'sqlite_oldest_task_seconds',
      'How long the first in the write queue has waited',
      () => queue.status.oldestMs / 1000,
    );
    instruments.gauge(
      'sqlite_bulk_paused',
      '1 while the lanes backfill and maintenance are held back so that the WAL can start over',
      () => Number(queue.isPaused),
    );
    instruments.gauges(
      'sqlite_writer_state',
      '1 for the state of writing: ok; degraded (disk full or read-only, tried again); stopped (file damaged)',
      ['state'],
      () => STATES.map((state) => [{ state }, Number(health.state.state === state)] as const),
    );
  }
}
