import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../../archives/archive-error.js';
import { archivePath, openTimesOf, type ArchiveName } from '../../archives/archive-name.js';
import { verifyFile } from '../../archives/checksum.js';
import type { Candle } from '../../candles/candle.js';
import type { Clock } from '../../common/clock.js';
import { openTimeAt, stepOpenTime, type Interval } from '../../common/interval.js';
import type { Log } from '../../logging/log.js';
import { SharedLoad } from '../ccxt/shared-load.js';
import { ArchiveEvents } from './archive-events.js';
import { ArchiveFile } from './archive-file.js';
import type { ArchiveFolder } from './archive-folder.js';
import type { ArchiveSource } from './archive-source.js';

/** How long it is not asked again for a file that it does not have, that is broken, or that was not to be had. */
const ABSENT_MS = 3_600_000;
const BROKEN_MS = 6 * 3_600_000;
const UNAVAILABLE_MS = 300_000;
/** What the files may take on the disk; beyond it the API is asked instead, until files have not been used for a while. */
const MAX_BYTES = 1024 * 1024 * 1024;
const IDLE_MS = 600_000;
/** Names that are remembered as of no use. */
const MAX_REMEMBERED = 10_000;

type WantedFile = Omit<ArchiveName, 'exact'>;

/** The files of the archive as this process uses them: fetched, verified, kept for as long as pages are read from them. */
export class CandleArchive {
  readonly events = new ArchiveEvents();
  private readonly files = new Map<string, { readonly file: ArchiveFile; usedAt: number }>();
  private readonly loads = new Map<string, SharedLoad<ArchiveFile | null>>();
  /** Until when a name is of no use, by the monotonic clock. */
  private readonly useless = new Map<string, number>();
  private serial = 0;

  constructor(
    private readonly source: ArchiveSource,
    private readonly folder: ArchiveFolder,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * The file with the candle that opens at `openTime`: of its month, if that is over, else of its day.
   *
   * @returns null where the archive is of no help
   */
  async fileWith(
    market: string,
    interval: Interval,
    openTime: number,
    signal: AbortSignal | undefined,
  ): Promise<ArchiveFile | null> {
    for (const name of this.candidates(market, interval, openTime)) {
      const file = await this.get(name, signal);
      if (file) return file;
    }
    return null;
  }

  /** Nothing more will be read from it for now. */
  async drop(file: ArchiveFile): Promise<void> {
    this.files.delete(file.name);
    await rm(file.path, { force: true });
  }

  /**
   * Compares a page of a file with what the API says of the same time. A file that differs is not used any more.
   *
   * @param theirs may end before `ours` does; where it is empty there is nothing to compare
   */
  async isContradicted(
    file: ArchiveFile,
    ours: readonly Candle[],
    theirs: readonly Candle[],
  ): Promise<boolean> {
    const api = new Map(theirs.map((candle) => [candle.openTime, candle]));
    const end = theirs.at(-1)?.openTime ?? -Infinity;
    const compared = ours.filter(({ openTime }) => openTime <= end);
    const differing = compared.filter((candle) => !isSame(candle, api.get(candle.openTime)));
    this.events.note({ kind: 'compared', candles: compared.length, differing: differing.length });
    const [first] = differing;
    if (!first) return false;
    const { name } = file;
    this.log.warn('archive.differs', {
      file: name,
      compared: compared.length,
      differing: differing.length,
      archive: first,
      api: api.get(first.openTime) ?? null,
    });
    this.remember(name, BROKEN_MS);
    await this.drop(file);
    return true;
  }

  async close(): Promise<void> {
    this.files.clear();
    await this.folder.remove();
  }

  private candidates(market: string, interval: Interval, openTime: number): WantedFile[] {
    const periods = [
      ['monthly', '1M'],
      ['daily', '1d'],
    ] as const;
    return periods
      .map(([period, length]): WantedFile => {
        const from = openTimeAt(length, openTime);
        return { market, interval, period, from, to: stepOpenTime(length, from, 1) };
      })
      .filter(({ to }) => to <= this.clock.now());
  }

  private async get(of: WantedFile, signal: AbortSignal | undefined): Promise<ArchiveFile | null> {
    const name = archivePath(of);
    const now = this.clock.monotonic();
    const known = this.files.get(name);
    if (known) {
      known.usedAt = now;
      return known.file;
    }
    if ((this.useless.get(name) ?? -Infinity) > now) return null;
    let load = this.loads.get(name);
    if (!load) this.loads.set(name, (load = new SharedLoad((shared) => this.load(name, of, shared))));
    try {
      return await load.join(signal);
    } finally {
      this.loads.delete(name);
    }
  }

  private async load(name: string, of: WantedFile, signal: AbortSignal): Promise<ArchiveFile | null> {
    if (!(await this.hasRoom())) return null;
    try {
      const file = await this.fetch(name, of, signal);
      if (!file) return this.giveUp(name, 'absent', ABSENT_MS);
      this.files.set(name, { file, usedAt: this.clock.monotonic() });
      this.events.note({ kind: 'file', outcome: 'used' });
      this.log.debug('archive.file.used', { file: name });
      return file;
    } catch (error) {
      signal.throwIfAborted();
      const broken = error instanceof ArchiveError;
      this.log.warn(broken ? 'archive.file.refused' : 'archive.unavailable', { file: name, error });
      return this.giveUp(name, broken ? 'refused' : 'unavailable', broken ? BROKEN_MS : UNAVAILABLE_MS);
    }
  }

  private async fetch(name: string, of: WantedFile, signal: AbortSignal): Promise<ArchiveFile | null> {
    const folder = await this.folder.path();
    const copy = await this.source.fetch(name, folder, signal);
    if (!copy) return null;
    try {
      await verifyFile(copy.path, signal);
      const { interval } = of;
      const window = openTimesOf(of) ?? of;
      const path = join(folder, `${(this.serial += 1)}.csv`);
      const rules = { grid: interval, window, now: this.clock.now() };
      return await ArchiveFile.extract(copy.path, { name, path, rules, signal });
    } finally {
      await copy.dispose();
    }
  }

  private giveUp(name: string, outcome: 'absent' | 'refused' | 'unavailable', ms: number): null {
    this.events.note({ kind: 'file', outcome });
    this.remember(name, ms);
    return null;
  }

  private remember(name: string, ms: number): void {
    const now = this.clock.monotonic();
    if (this.useless.size >= MAX_REMEMBERED) {
      for (const [other, until] of this.useless) if (until <= now) this.useless.delete(other);
      if (this.useless.size >= MAX_REMEMBERED) this.useless.clear();
    }
    this.useless.set(name, now + ms);
  }

  /** Removes what has not been used for long. A file that is in use is not: the next page would fetch it again. */
  private async hasRoom(): Promise<boolean> {
    const now = this.clock.monotonic();
    for (const { file, usedAt } of this.files.values()) {
      if (now - usedAt > IDLE_MS) await this.drop(file);
    }
    return [...this.files.values()].reduce((sum, { file }) => sum + file.size, 0) < MAX_BYTES;
  }
}

function isSame(a: Candle, b: Candle | undefined): boolean {
  return (
    b !== undefined &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume
  );
}
