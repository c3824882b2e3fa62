import { Inject, Injectable } from '@nestjs/common';
import { BUSY_OPERATIONS } from '../database/lock-statistics.js';
import { SqliteDatabase } from '../database/sqlite/sqlite-database.js';
import { Instruments } from './instruments.js';

/** How this process fares with the locks of the database: in every role. */
@Injectable()
export class DatabaseMetrics {
  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(SqliteDatabase) { statistics, readers }: SqliteDatabase,
  ) {
    const busy = instruments.counter(
      'sqlite_busy_total',
      'SQLITE_BUSY answers by operation; all but unexpected are retried and reach nobody',
      ['op'],
    );
    const timeouts = instruments.counter(
      'sqlite_lock_timeouts_total',
      'Tasks that failed since the write lock was not to be had in time',
    );
    // What was counted before, while the database was being opened.
    for (const op of BUSY_OPERATIONS) busy.inc({ op }, statistics.busy[op]);
    timeouts.inc(statistics.timeoutsTotal);
    statistics.observe((event) => {
      if (event.kind === 'busy') busy.inc({ op: event.operation });
      if (event.kind === 'timeout') timeouts.inc();
    });

    instruments.gauge(
      'sqlite_oldest_reader_seconds',
      'How long the oldest read of this process has been going on',
      () => readers.oldestMs / 1000,
    );
    instruments.gauges(
      'sqlite_readers',
      'Reader connections that are lent out, those that may be, and reads that wait for one',
      ['state'],
      () => {
        const { size, busy: lent, waiting } = readers.status;
        return [
          [{ state: 'busy' }, lent],
          [{ state: 'free' }, size - lent],
          [{ state: 'waiting' }, waiting],
        ];
      },
    );
  }
}
