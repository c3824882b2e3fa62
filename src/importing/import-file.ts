import { ArchiveError } from '../archives/archive-error.js';
import { readCandleFile, type CandleRows, type RefusedRow } from '../archives/candle-file.js';
import type { RowRules } from '../archives/row-check.js';
import type { Candle } from '../candles/candle.js';
import { formatTime } from '../common/time.js';
import { inOrder, withoutHad } from './candle-order.js';
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
 * Stores the candles of a file that are not there yet; the next rows are read while the last ones are committed. What is
 * there is never changed: it is the exchange's own answer, and may be better than its archive.
 *
 * @param open takes the series, when the first candle is to be stored
 */
export async function importFile(file: FileReading, open: () => Promise<SeriesSession>): Promise<RowCounts> {
  const counts = new RowCounts();
  let committing: Promise<void> = Promise.resolve();
  try {
    await inBatches(file, counts, async (candles) => {
      const session = await open();
      await committing;
      const fresh = withoutHad(candles, session.spans);
      counts.had += candles.length - fresh.length;
      if (fresh.length === 0) return;
      committing = session.add(fresh, file.signal).then(() => void (counts.stored += fresh.length));
      committing.catch(() => undefined); // awaited with the next batch, or at the end
    });
  } finally {
    await committing;
  }
  return counts;
}

/** Hands out the rows of a file in batches of ascending candles, and counts what is refused. */
export async function inBatches(
  { path, rules, signal, progress }: FileReading,
  counts: RowCounts,
  handle: (candles: readonly Candle[]) => Promise<void>,
): Promise<void> {
  let waiting: Candle[] = [];
  let taken = 0;
  const flush = async () => {
    const { candles, repeated, contradicting } = inOrder(waiting);
    waiting = [];
    taken += candles.length;
    counts.had += repeated;
    counts.refuse(contradicting.map(toRefusal));
    if (candles.length > 0) await handle(candles);
  };
  for await (const rows of readCandleFile(path, rules)) {
    signal.throwIfAborted();
    take(rows);
    if (waiting.length >= BATCH) await flush();
    progress(rows.done);
  }
  await flush();
  if (taken === 0) throw new ArchiveError('ARCHIVE_UNREADABLE', emptiness(counts));

  function take({ candles, refused }: CandleRows): void {
    for (const candle of candles) waiting.push(candle);
    counts.refuse(refused);
  }
}

function toRefusal({ openTime, ...figures }: Candle): RefusedRow {
  const reason = `another row of ${formatTime(openTime)} says something else`;
  return { line: null, reason, text: [openTime, ...Object.values(figures)].join(',') };
}

function emptiness({ refused, refusals: [first] }: RowCounts): string {
  if (!first) return 'it holds no candle';
  return `none of its ${refused} rows is a candle (line ${first.line}: ${first.reason})`;
}
