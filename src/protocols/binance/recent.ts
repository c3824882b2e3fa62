import { LRUCache } from 'lru-cache';
import { shared } from '../../common/cancellation.js';
import type { Clock } from '../../common/clock.js';

/** For so long an answer counts, in milliseconds. */
const FRESH_MS = 1000;
const MAX_ANSWERS = 20_000;

interface Entry<T> {
  readonly answer: Promise<T>;
  until: number;
}

/** Remembers answers for a second; who asks while one is being made gets the same. Failures are not remembered. */
export class Recent<T> {
  private readonly entries = new LRUCache<string, Entry<T>>({ max: MAX_ANSWERS });

  /** @param patience for how many times as long as an answer took to make it counts, where that is more than a second */
  constructor(
    private readonly clock: Clock,
    private readonly patience = 0,
  ) {}

  get(key: string, make: () => Promise<T>): Promise<T> {
    const begun = this.clock.monotonic();
    const known = this.entries.get(key);
    if (known && begun < known.until) return known.answer;
    const entry: Entry<T> = { answer: shared(make), until: Infinity };
    this.entries.set(key, entry);
    entry.answer.then(
      () => {
        const now = this.clock.monotonic();
        entry.until = now + Math.max(FRESH_MS, (now - begun) * this.patience);
      },
      () => this.entries.delete(key),
    );
    return entry.answer;
  }
}
