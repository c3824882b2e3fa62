import { Inject, Injectable } from '@nestjs/common';
import { ArchiveError } from '../archives/archive-error.js';
import { verifyFile } from '../archives/checksum.js';
import { CandleStore } from '../candles/candle-store.js';
import { gapsIn } from '../candles/coverage.js';
import type { Series, SeriesSummary } from '../candles/series.js';
import { NotKeptError, SeriesReader } from '../candles/series-reader.js';
import { Clock } from '../common/clock.js';
import { errorCode, errorMessage } from '../common/errors.js';
import { countOpenTimes, gridOf } from '../common/interval.js';
import { anchorOfFile } from './anchor-of-file.js';
import { FileCheck } from './check-file.js';
import type { FileReport } from './file-report.js';
import type { FoundFile } from './find-files.js';
import { importFile, type FileReading } from './import-file.js';
import { targetOf, type ImportTarget, type TargetOptions } from './import-target.js';
import { SeriesSessions, type SeriesSession } from './series-session.js';

/** A lease that was lost in the middle of a file, as when the machine slept, is taken again so often. */
const ATTEMPTS = 3;

export interface ImportOptions extends TargetOptions {
  /** Compares and stores nothing. */
  readonly check: boolean;
}

/** Is told of every file, in the order in which they are dealt with. */
export interface ImportObserver {
  progress(file: FoundFile, done: number): void;
  ended(file: FoundFile, report: FileReport): void;
}

interface Job {
  readonly file: FoundFile;
  readonly target: ImportTarget;
}

/** With how far its candles are from the interval's own grid, in milliseconds. */
interface PlacedTarget extends ImportTarget {
  readonly anchor: number;
}

/** Imports files one after the other, those of one series together and the oldest first. */
@Injectable()
export class Importer {
  private session: SeriesSession | undefined;

  constructor(
    @Inject(SeriesSessions) private readonly sessions: SeriesSessions,
    @Inject(CandleStore) private readonly store: CandleStore,
    @Inject(SeriesReader) private readonly kept: SeriesReader,
    @Inject(FileCheck) private readonly check: FileCheck,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws the signal's reason, when what was under way has been committed; errors of the database */
  async run(
    files: readonly FoundFile[],
    options: ImportOptions,
    observer: ImportObserver,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (const { file, target } of await this.plan(files, options, observer)) {
        const progress = (done: number) => observer.progress(file, done);
        observer.ended(file, await this.report({ file, target }, options, progress, signal));
      }
    } finally {
      await this.leave();
    }
  }

  private async plan(
    files: readonly FoundFile[],
    options: ImportOptions,
    observer: ImportObserver,
  ): Promise<Job[]> {
    const series = await this.kept.list();
    const symbols = series
      .filter(({ exchange }) => exchange === options.exchange)
      .map(({ symbol }) => symbol);
    const kept = [...new Set(symbols)];
    const jobs: Job[] = [];
    for (const file of files) {
      try {
        jobs.push({ file, target: targetOf(file.path, options, kept) });
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        observer.ended(file, { outcome: 'refused', reason: error.message });
      }
    }
    return jobs.toSorted(inOrderOfSeries);
  }

  private async report(
    { file: { path }, target }: Job,
    { check }: ImportOptions,
    progress: (done: number) => void,
    signal: AbortSignal,
  ): Promise<FileReport> {
    const { interval, window } = target;
    try {
      const series = await this.find(target);
      if (!check && series && window && gapsIn(window, await this.had(series)).length === 0) {
        return { outcome: 'complete' };
      }
      await verifyFile(path, signal);
      const hasCandles = series !== undefined && series.first !== null;
      const anchor = hasCandles ? (series.anchor ?? 0) : await anchorOfFile(path, target);
      const rules = { grid: gridOf({ interval, anchor }), window, now: this.clock.now() };
      const reading = { path, rules, signal, progress };
      const rows = check
        ? await this.check.run(reading, series)
        : await this.import(reading, { ...target, anchor });
      const short = window && countOpenTimes(interval, window.from, window.to) - rows.candles;
      return { outcome: check ? 'checked' : 'imported', rows, short };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ArchiveError) return { outcome: 'refused', reason: error.message };
      if (errorCode(error) === 'SERIES_BUSY' || isOfFile(error)) {
        return { outcome: 'failed', reason: errorMessage(error) };
      }
      throw error;
    }
  }

  private async import(reading: FileReading, target: PlacedTarget) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await importFile(reading, () => this.enter(target, reading.signal));
      } catch (error) {
        if (errorCode(error) !== 'LOCK_LOST' || attempt === ATTEMPTS) throw error;
        await this.leave();
      }
    }
  }

  /** Takes the series, unless it is the one of the file before. */
  private async enter(
    { exchange, symbol, interval, anchor }: PlacedTarget,
    signal: AbortSignal,
  ): Promise<SeriesSession> {
    const series = await this.store.ensureSeries(exchange, symbol, interval);
    if (this.session?.series.id === series.id) return this.session;
    await this.leave();
    return (this.session = await this.sessions.open(series, anchor, signal));
  }

  private async leave(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.close();
  }

  private async find({ exchange, symbol, interval }: ImportTarget): Promise<SeriesSummary | undefined> {
    try {
      const { series, rollup } = await this.kept.find(exchange, symbol, interval);
      return rollup === null ? await this.kept.get(series.id) : undefined;
    } catch (error) {
      if (error instanceof NotKeptError) return undefined;
      throw error;
    }
  }

  private async had(series: Series) {
    return (await this.store.coverage(series)).filter(({ state }) => state === 'have');
  }
}

function inOrderOfSeries({ target: a }: Job, { target: b }: Job): number {
  const [one, other] = [`${a.symbol}@${a.interval}`, `${b.symbol}@${b.interval}`];
  if (one !== other) return one < other ? -1 : 1;
  return (a.window?.from ?? 0) - (b.window?.from ?? 0);
}

/** The file system does not give it. */
function isOfFile(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.syscall !== undefined;
}
