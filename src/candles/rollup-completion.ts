import { openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';
import type { Window } from './coverage.js';
import { mergeRollups, ROLLUP_LEVELS, ROLLUP_SOURCE, type Rollup, type RollupLevel } from './rollup.js';
import type { RollupDraft } from './rollup-draft.js';

/** A candle that is to be made of what is stored and of what the batch brings. */
interface PendingCandle extends RollupLevel, Window {}

/** Stretches of stored candles, by interval; those of one interval ascending, without overlaps. */
export type StoredRanges = ReadonlyMap<Interval, readonly Window[]>;

/** What was stored before the batch, by interval and open time. */
export type StoredRollups = ReadonlyMap<Interval, ReadonlyMap<number, Rollup>>;

export interface LevelledRollup {
  readonly interval: Interval;
  readonly rollup: Rollup;
}

/**
 * Completes the draft of a batch by what is stored. Only candles that are over are made: their last minute, or one after
 * it, has been stored. So a minute that comes live writes the few candles that end with it, and not one of every level.
 */
export class RollupCompletion {
  private readonly pending: readonly PendingCandle[];

  /** @param newestBefore open time of the newest minute that was stored before the batch */
  constructor(
    private readonly draft: RollupDraft,
    newestBefore: number | null,
  ) {
    const newest = draft.get(ROLLUP_SOURCE)!.at(-1)?.openTime ?? null;
    const end = Math.max(endOf(newestBefore), endOf(newest));
    this.pending = ROLLUP_LEVELS.flatMap((level) =>
      opensToComplete(draft, level, newestBefore)
        .map((from) => ({ ...level, from, to: stepOpenTime(level.interval, from, 1) }))
        .filter(({ to }) => to <= end),
    );
  }

  /** What has to be read, before the batch is stored: the parts of each candle, and the candle itself. */
  get wanted(): StoredRanges {
    const ranges = new Map<Interval, Window[]>();
    for (const { interval, source, from, to } of this.pending) {
      for (const level of [source, interval]) {
        const windows = ranges.get(level);
        if (windows) windows.push({ from, to });
        else ranges.set(level, [{ from, to }]);
      }
    }
    return new Map([...ranges].map(([interval, windows]) => [interval, joinWindows(windows)]));
  }

  /** @returns what has to be written of the candles that the batch does not hold all of */
  complete(stored: StoredRollups): LevelledRollup[] {
    const made = new Map([...this.draft].map(([interval, touched]) => [interval, byOpenTime(touched)]));
    const written: LevelledRollup[] = [];
    for (const { interval, source, from, to } of this.pending) {
      const parts: Rollup[] = [];
      let minutesBefore = 0;
      for (let openTime = from; openTime < to; openTime = stepOpenTime(source, openTime, 1)) {
        const before = stored.get(source)?.get(openTime);
        const part = made.get(source)!.get(openTime) ?? before;
        if (part) parts.push(part);
        minutesBefore += before?.minutes ?? 0;
      }
      // Where some of what it was made of is kept no longer, it cannot be made anew, and stays as it is.
      const isPruned = (stored.get(interval)?.get(from)?.minutes ?? 0) > minutesBefore;
      if (isPruned || parts.length === 0) continue;
      const rollup = mergeRollups(from, parts);
      made.get(interval)!.set(from, rollup);
      written.push({ interval, rollup });
    }
    return written;
  }
}

function endOf(minute: number | null): number {
  return minute === null ? -Infinity : stepOpenTime(ROLLUP_SOURCE, minute, 1);
}

/** Those that the batch touches, and the one that was not over before, which the batch may end without touching it. */
function opensToComplete(
  draft: RollupDraft,
  { interval }: RollupLevel,
  newestBefore: number | null,
): number[] {
  const touched = draft.get(interval)!;
  const opens = touched.flatMap(({ openTime, rollup }) => (rollup ? [] : [openTime]));
  if (newestBefore === null) return opens;
  const current = openTimeAt(interval, newestBefore);
  const wasOver = stepOpenTime(interval, current, 1) <= endOf(newestBefore);
  if (wasOver || touched.some(({ openTime }) => openTime === current)) return opens;
  return [...opens, current].toSorted((a, b) => a - b);
}

function byOpenTime(touched: readonly { openTime: number; rollup: Rollup | null }[]): Map<number, Rollup> {
  const rollups = new Map<number, Rollup>();
  for (const { openTime, rollup } of touched) if (rollup) rollups.set(openTime, rollup);
  return rollups;
}

function joinWindows(windows: readonly Window[]): Window[] {
  const joined: Window[] = [];
  for (const window of windows.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && last.to >= window.from) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, window.to) };
    } else {
      joined.push(window);
    }
  }
  return joined;
}
