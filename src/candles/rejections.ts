import { Observed } from '../common/observed.js';
import type { Series } from './series.js';
import type { RejectedCandle } from './soundness.js';

export interface Rejection {
  readonly series: Series;
  readonly rejected: readonly RejectedCandle[];
}

/** Tells of rows that have been put into quarantine, once that is committed. */
export class Rejections extends Observed<Rejection> {
  report(series: Series, rejected: readonly RejectedCandle[]): void {
    if (rejected.length > 0) this.tell({ series, rejected });
  }
}
