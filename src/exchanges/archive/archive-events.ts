import { Observed } from '../../common/observed.js';

/** What happens with the archive. */
export type ArchiveEvent =
  /** A page was answered from it. */
  | { readonly kind: 'page'; readonly candles: number }
  /** A page of it was compared with the API's. */
  | { readonly kind: 'compared'; readonly candles: number; readonly differing: number }
  /** A file was looked for. */
  | { readonly kind: 'file'; readonly outcome: 'used' | 'absent' | 'refused' | 'unavailable' };

export class ArchiveEvents extends Observed<ArchiveEvent> {
  note(event: ArchiveEvent): void {
    this.tell(event);
  }
}
