import type { RefusedRow } from '../archives/candle-file.js';
import type { Candle } from '../candles/candle.js';

/** How many rows and differences are told one by one. */
const EXAMPLES = 5;

/** What became of the rows of one file. */
export class RowCounts {
  /** Candles that were stored. */
  stored = 0;
  /** Candles that were there before, whatever they say. */
  had = 0;
  /** Of a check: those that are stored as they stand in the file. */
  same = 0;
  /** Of a check: those that are not stored. */
  absent = 0;
  /** Rows that are no candles. Of an import they are in quarantine. */
  refused = 0;
  differing = 0;
  readonly refusals: RefusedRow[] = [];
  readonly differences: Array<{ readonly file: Candle; readonly stored: Candle }> = [];

  /** All rows that hold a candle. */
  get candles(): number {
    return this.stored + this.had + this.same + this.absent + this.differing;
  }

  refuse(rows: readonly RefusedRow[]): void {
    this.refused += rows.length;
    this.refusals.push(...rows.slice(0, Math.max(0, EXAMPLES - this.refusals.length)));
  }

  differ(file: Candle, stored: Candle): void {
    this.differing += 1;
    if (this.differences.length < EXAMPLES) this.differences.push({ file, stored });
  }
}

/** What became of one file. */
export type FileReport =
  /** Nothing of it was wanting, so it was not read. */
  | { readonly outcome: 'complete' }
  /** @property short candles of its period that it does not hold; null where its period is not known */
  | { readonly outcome: 'imported' | 'checked'; readonly rows: RowCounts; readonly short: number | null }
  /** Nothing of it counts. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Something else went wrong with it. What was stored before is good. */
  | { readonly outcome: 'failed'; readonly reason: string };
