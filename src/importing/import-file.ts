import { ArchiveError } from '../archives/archive-error.js';
import { readCandleFile, type CandleLine, type RefusedRow } from '../archives/candle-file.js';
import type { RowRules } from '../archives/row-check.js';
import type { Candle } from '../candles/candle.js';
import { inOrder, withoutHad } from './candle-order.js';
import { FAULT_WORDS } from './fault-words.js';
import { RowCounts } from './file-report.js';
import type { SeriesSession } from './series-session.js';

/** Rows per commit. */
const BATCH = 4000;

export interface FileReading {
  readonly path: string;
  readonly rules: RowRules;
  readonly signal: AbortSignal;
  /** How much of the file has been dealt with, from 0 to 1. */
  readonly progress: (done: number) => void;
}

/**
 * Stores the candles of a file that are not there yet, and puts the rows that are none into quarantine; the next rows are
 * read while the last ones are committed. What is there is never changed: it is the exchange's own answer, and may be
 * better than its archive.
 *
 * @param open takes the series, when the first candle is to be stored
 */
export async function importFile(file: FileReading, open: () => Promise<SeriesSession>): Promise<RowCounts> {
  const counts = new RowCounts();
  let committing: Promise<void> = Promise.resolve();
  try {
    await inBatches(file, counts, async (candles, refused) => {
      const session = await open();
      await committing;
      const fresh = withoutHad(candles, session.spans);
      counts.had += candles.length - fresh.length;
      if (fresh.length + refused.length === 0) return;
      committing = session.add(fresh, refused, file.signal).then(() => void (counts.stored += fresh.length));
      committing.catch(() => undefined); // awaited with the next batch, or at the end
    });
  } finally {
    await committing;
  }
  return counts;
}

/**
 * Hands out the rows of a file in batches: ascending candles, and what is refused. Rows before the first candle wait for
 * it, the first `BATCH` of them: where none comes, nothing of the file counts.
 *
 * @throws ArchiveError where there is no candle in it
 */
export async function inBatches(
  { path, rules, signal, progress }: FileReading,
  counts: RowCounts,
  handle: (candles: readonly Candle[], refused: readonly RefusedRow[]) => Promise<void>,
): Promise<void> {
  let waiting: CandleLine[] = [];
  let refused: RefusedRow[] = [];
  let taken = 0;
  const flush = async () => {
    const { candles, repeated, contradicting } = inOrder(waiting);
    waiting = [];
    taken += candles.length;
    counts.had += repeated;
    refuse(contradicting);
    if (taken === 0) {
      refused = refused.slice(0, BATCH);
      return;
    }
    const batch = refused;
    refused = [];
    if (candles.length + batch.length > 0) await handle(candles, batch);
  };
  for await (const rows of readCandleFile(path, rules)) {
    signal.throwIfAborted();
    for (const row of rows.candles) waiting.push(row);
    refuse(rows.refused);
    if (waiting.length + refused.length >= BATCH) await flush();
    progress(rows.done);
  }
  await flush();
  if (taken === 0) throw new ArchiveError('ARCHIVE_UNREADABLE', emptiness(counts));

  function refuse(rows: readonly RefusedRow[]): void {
    counts.refuse(rows);
    for (const row of rows) refused.push(row);
  }
}

function emptiness({ refused, refusals: [first] }: RowCounts): string {
  if (!first) return 'it holds no candle';
  return `none of its ${refused} rows is a candle (line ${first.line}: ${FAULT_WORDS[first.reason]})`;
}
