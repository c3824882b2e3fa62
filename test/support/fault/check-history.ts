import type { History, JournalRow, StoredCandles, StoredSpan } from './history.js';

const MINUTE = 60_000;

export type ViolationKind =
  /** Something was committed under an older fence after a newer one, or by two holders under one fence. */
  | 'fence-regression'
  /** A commit that a worker was told of is not there. */
  | 'lost-acknowledged'
  /** A part of a transaction is there without the rest. */
  | 'partial-batch'
  /** One batch, or one run of a job, was committed twice. */
  | 'double-commit';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

/** Judges what a run has left behind. @returns what must never be; nothing for a good history */
export function checkHistory(history: History): Violation[] {
  return [
    ...fenceRegressions(history),
    ...lostAcknowledgements(history),
    ...partialBatches(history),
    ...unfoundedCoverage(history),
    ...doubleCommits(history),
    ...unfoundedOutcomes(history),
  ];
}

function* fenceRegressions({ journal }: History): Generator<Violation> {
  const newest = new Map<string, JournalRow>();
  const holders = new Map<string, string>();
  for (const row of journal) {
    const before = newest.get(row.lease);
    if (before && row.fence < before.fence) {
      const detail = `${describe(row)} after ${describe(before)}`;
      yield { kind: 'fence-regression', detail };
    } else newest.set(row.lease, row);

    const key = `${row.lease} ${row.fence}`;
    const holder = holders.get(key) ?? row.holder;
    holders.set(key, holder);
    if (holder !== row.holder)
      yield { kind: 'fence-regression', detail: `${describe(row)}, whose fence was ${holder}'s` };
  }
}

function* lostAcknowledgements({ journal, acknowledged }: History): Generator<Violation> {
  const committed = new Map(journal.map((row) => [row.batch, row]));
  for (const { lease, fence, batch } of acknowledged) {
    const row = committed.get(batch);
    if (!row || row.lease !== lease || row.fence !== fence)
      yield { kind: 'lost-acknowledged', detail: `batch ${batch} of ${lease} under fence ${fence}` };
  }
}

/** The journal and the candles must tell the same, in both directions. */
function* partialBatches({ journal, candles }: History): Generator<Violation> {
  const stored = new Map(candles.map((group) => [`${group.batch} ${group.fence} ${group.series}`, group]));
  for (const row of journal) {
    if (!row.written) continue;
    const key = `${row.batch} ${row.fence} ${row.written.series}`;
    const group = stored.get(key);
    stored.delete(key);
    const { from, to, candles: wanted } = row.written;
    const whole = group ? group.count === wanted && group.first >= from && group.last < to : wanted === 0;
    if (!whole)
      yield { kind: 'partial-batch', detail: `${describe(row)}: ${group?.count ?? 0} of ${wanted} candles` };
  }
  for (const group of stored.values())
    yield { kind: 'partial-batch', detail: `${describeCandles(group)} are in no journal` };
}

function* unfoundedCoverage({ journal, candles, coverage }: History): Generator<Violation> {
  for (const span of coverage) {
    const wanted = span.state === 'have' ? (span.to - span.from) / MINUTE : 0;
    if (span.candles !== wanted)
      yield { kind: 'partial-batch', detail: `${describeSpan(span)}, with ${span.candles} candles in it` };
  }
  const written = journal.flatMap(({ written }) => written ?? []);
  for (const series of new Set([...candles, ...written].map(({ series }) => series))) {
    const own = <T extends { readonly series: number }>(rows: readonly T[]) =>
      rows.filter((row) => row.series === series);
    const stored = sum(own(candles).map(({ count }) => count));
    const covered = sum(own(coverage).map((span) => span.candles));
    if (stored !== covered)
      yield {
        kind: 'partial-batch',
        detail: `series ${series}: ${stored} candles, ${covered} of them covered`,
      };
    const minutes = sum(own(coverage).map(({ from, to }) => (to - from) / MINUTE));
    const spoken = sum(own(written).map(({ from, to }) => (to - from) / MINUTE));
    if (minutes !== spoken)
      yield {
        kind: 'partial-batch',
        detail: `series ${series}: ${minutes} minutes covered, ${spoken} written`,
      };
  }
}

function* doubleCommits({ journal }: History): Generator<Violation> {
  yield* repeated(journal, ({ batch }) => `batch ${batch}`);
  yield* repeated(
    journal.filter(({ run }) => run !== null),
    ({ run }) => `run ${run!.job} ${run!.slot}`,
  );
}

function* repeated(rows: readonly JournalRow[], key: (row: JournalRow) => string): Generator<Violation> {
  const seen = new Set<string>();
  for (const row of rows) {
    if (seen.has(key(row)))
      yield { kind: 'double-commit', detail: `${key(row)} once more as ${describe(row)}` };
    seen.add(key(row));
  }
}

/** A run's outcome and its journal row are one transaction. */
function* unfoundedOutcomes({ journal, runs }: History): Generator<Violation> {
  const key = ({ job, slot }: { job: string; slot: number }) => `${job} ${slot}`;
  const ended = new Map(runs.filter(({ outcome }) => outcome === 'ok').map((run) => [key(run), run]));
  for (const row of journal) {
    if (!row.run) continue;
    const run = ended.get(key(row.run));
    ended.delete(key(row.run));
    if (run?.fence !== row.fence)
      yield { kind: 'partial-batch', detail: `${describe(row)} without the outcome of ${key(row.run)}` };
  }
  for (const run of ended.values())
    yield { kind: 'partial-batch', detail: `the outcome of ${key(run)} without its journal row` };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function describe({ position, lease, fence, batch, holder }: JournalRow): string {
  return `#${position} ${lease} fence ${fence} batch ${batch} by ${holder}`;
}

function describeCandles({ series, batch, fence, count }: StoredCandles): string {
  return `${count} candles of series ${series}, batch ${batch}, fence ${fence}`;
}

function describeSpan({ series, from, to, state }: StoredSpan): string {
  return `series ${series} says '${state}' of [${from}, ${to})`;
}
