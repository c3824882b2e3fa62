import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { inLane } from '../database/lanes.js';
import { READER } from '../database/names.js';
import { JobGuard, type JobContext } from '../locks/job-guard.js';
import type { Candle } from './candle.js';
import { noteChange } from './change-log.js';
import { completeRollups, prepareRollups, writeRollups } from './sqlite-rollups.js';

/** A series of minutes of which those that open before `before` are still to be rolled up. */
interface Unbuilt {
  readonly seriesId: number;
  readonly before: number;
}

const LOOK_EVERY_MS = 60_000;
/** Minutes per transaction: about 20 ms. */
const STEP = 2000;

const UNBUILT = 'SELECT series_id AS seriesId, before_time AS before FROM rollup_build';
const MINUTES = `SELECT open_time AS openTime, open, high, low, close, volume FROM candle
  WHERE series_id = ? AND open_time < ? ORDER BY open_time DESC LIMIT ${STEP}`;
const NEWEST = 'SELECT max(open_time) AS newest FROM candle WHERE series_id = ?';

/**
 * Rolls up the minutes that were stored before there were rollups, the newest first, in one process at a time. Where it is
 * stands in `rollup_build`, written together with the rollups, so it goes on where it was stopped.
 */
@Injectable()
export class RollupBuildJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private stopTimer: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(JobGuard) private readonly guard: JobGuard,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    let looking = false;
    const look = () => {
      if (looking || this.stop.signal.aborted) return;
      looking = true;
      this.running = this.run()
        .catch(() => undefined) // the next look tries again
        .finally(() => (looking = false));
    };
    this.stopTimer = this.clock.every(LOOK_EVERY_MS, look);
    look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopTimer();
    this.stop.abort();
    await this.running;
  }

  /** Builds what there is to be built, unless another process does. */
  async run(): Promise<void> {
    const unbuilt = await this.reader.query<Unbuilt[]>(UNBUILT);
    if (unbuilt.length === 0) return this.stopTimer();
    const build = (context: JobContext) => inLane('maintenance', () => this.build(unbuilt, context));
    await this.guard.run('rollup-build', this.clock.now(), build);
  }

  /** Each series in turn, so that the newest of all come first. */
  private async build(unbuilt: readonly Unbuilt[], { signal, transaction }: JobContext): Promise<void> {
    let left = unbuilt;
    while (left.length > 0) {
      const next: Unbuilt[] = [];
      for (const { seriesId } of left) {
        signal.throwIfAborted();
        if (this.stop.signal.aborted) return;
        const after = await transaction((manager) => buildStep(manager, seriesId));
        if (after) next.push(after);
      }
      left = next;
    }
  }
}

/** @returns where it stands now, or null when the series is done */
async function buildStep(manager: EntityManager, seriesId: number): Promise<Unbuilt | null> {
  const [row] = await manager.query<Unbuilt[]>(`${UNBUILT} WHERE series_id = ?`, [seriesId]);
  if (!row) return null;
  const candles = await manager.query<Candle[]>(MINUTES, [seriesId, row.before]);
  if (candles.length > 0) {
    const [{ newest }] = await manager.query<[{ newest: number }]>(NEWEST, [seriesId]);
    const rows = await completeRollups(manager, seriesId, await prepareRollups(candles), newest);
    await writeRollups(manager, seriesId, rows);
    await noteChange(manager, { seriesId });
  }
  if (candles.length < STEP) {
    await manager.query('DELETE FROM rollup_build WHERE series_id = ?', [seriesId]);
    return null;
  }
  const before = candles.at(-1)!.openTime;
  await manager.query('UPDATE rollup_build SET before_time = ? WHERE series_id = ?', [before, seriesId]);
  return { seriesId, before };
}
