import type { Candle } from '../candles/candle.js';
import type { CandleStore, FormingSave } from '../candles/candle-store.js';
import type { Series } from '../candles/series.js';
import type { Clock } from '../common/clock.js';
import type { Lease } from '../locks/lease.js';
import type { Log } from '../logging/log.js';

/** A forming candle is written at most once in so long. */
const PACE_MS = 1000;

/**
 * Writes the forming candles that streams bring: of each series the newest, of all series together, once a second. However
 * many updates come, the writer is asked for one turn.
 */
export class FormingWriter {
  private pending = new Map<number, FormingSave>();
  private notBefore = -Infinity;
  private cancel: (() => void) | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: CandleStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Takes the place of what waits to be written for this series.
   *
   * @param atOnce of a candle that was asked for: there are few, and it may be 4 s old already
   */
  offer(lease: Lease, series: Series, candle: Candle, { atOnce = false } = {}): void {
    this.pending.set(series.id, { lease, series, candle });
    const wait = atOnce ? 0 : Math.max(0, this.notBefore - this.clock.monotonic());
    if (wait <= 0) return this.flush();
    this.cancel ??= this.clock.after(wait, () => this.flush());
  }

  /** Drops what waits for a series that is left, and waits for what is being written. */
  async leave(series: Series): Promise<void> {
    this.pending.delete(series.id);
    await this.writing;
  }

  private flush(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.notBefore = this.clock.monotonic() + PACE_MS;
    this.writing = this.writing.then(() => this.write());
  }

  private async write(): Promise<void> {
    const saves = [...this.pending.values()];
    this.pending = new Map();
    if (saves.length === 0) return;
    try {
      await this.store.saveFormingOfMany(saves);
    } catch (error) {
      // The next update brings all of it again.
      this.log.warn('collector.live.save_failed', { series: saves.length, error });
    }
  }
}
