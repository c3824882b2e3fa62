import type { History, JournalRow, RunRow, StoredCandles, StoredSpan } from './history.js';

const MINUTE = 60_000;

/** One commit of a made-up run. */
export interface Step {
  /** Number of the series whose lease it is done under. */
  readonly series: number;
  /** Whether another holder took the lease before it. */
  readonly takenOver: boolean;
  readonly candles: number;
  /** Minutes without a candle, after the candles. */
  readonly missing: number;
  readonly acknowledged: boolean;
  /** Whether it ended a run as well. */
  readonly run: boolean;
}

/** The history that these commits leave behind when nothing goes wrong. */
export function makeHistory(steps: readonly Step[]): History {
  const journal: JournalRow[] = [];
  const candles: StoredCandles[] = [];
  const coverage: StoredSpan[] = [];
  const runs: RunRow[] = [];
  const fences = new Map<number, number>();
  const ends = new Map<number, number>();
  for (const [index, step] of steps.entries()) {
    const { series } = step;
    const fence = (fences.get(series) ?? 1) + (step.takenOver ? 1 : 0);
    fences.set(series, fence);
    const from = ends.get(series) ?? 0;
    const between = from + step.candles * MINUTE;
    const to = between + step.missing * MINUTE;
    ends.set(series, to);

    const lease = `series:${series}`;
    const batch = 1000 + index;
    const run = step.run ? { job: `job:${series}`, slot: index } : null;
    journal.push({
      position: index + 1,
      lease,
      fence,
      holder: `host:${series}${fence}:boot:run`,
      batch,
      written: { series, from, to, candles: step.candles },
      run,
    });
    if (run) runs.push({ ...run, fence, outcome: 'ok' });
    if (step.candles > 0) {
      candles.push({ series, batch, fence, count: step.candles, first: from, last: between - MINUTE });
      coverage.push({ series, from, to: between, state: 'have', candles: step.candles });
    }
    if (step.missing > 0) coverage.push({ series, from: between, to, state: 'missing', candles: 0 });
  }
  const acknowledged = journal.filter((_, index) => steps[index]!.acknowledged);
  return { journal, acknowledged, candles, coverage, runs };
}
