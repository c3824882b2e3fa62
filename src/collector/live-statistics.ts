import { Observed } from '../common/observed.js';

/** What became of an update that a stream brought. */
export type LiveResult = 'taken' | 'stale' | 'refused';

export type LiveEvent =
  | { readonly kind: 'update'; readonly exchange: string; readonly result: LiveResult }
  | { readonly kind: 'interrupted'; readonly exchange: string; readonly code: string }
  /** Series whose forming candle comes, or no longer comes, from a stream. */
  | { readonly kind: 'streaming'; readonly exchange: string; readonly change: 1 | -1 };

/** What happens to the streams of this process. */
export class LiveStatistics extends Observed<LiveEvent> {
  record(event: LiveEvent): void {
    this.tell(event);
  }
}
