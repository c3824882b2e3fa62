import { LRUCache } from 'lru-cache';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Clock } from '../common/clock.js';

/** Beyond so many callers, those that asked longest ago are forgotten: memory is bounded, whoever asks. */
const MAX_CALLERS = 10_000;

interface Window {
  requests: number;
  /** On the monotonic clock. */
  readonly ends: number;
}

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts requests in fixed windows, one per caller: as much work and memory for the thousandth request as for the first.
 * The throttler's own storage keeps the time of every request, for every address that ever asked within the window.
 */
export class WindowStorage implements ThrottlerStorage {
  private readonly windows: LRUCache<string, Window>;

  constructor(
    private readonly clock: Clock,
    maxCallers = MAX_CALLERS,
  ) {
    this.windows = new LRUCache({ max: maxCallers });
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.windows.size;
  }

  /** @param ttl the window, in milliseconds; the times of the answer are seconds */
  async increment(key: string, ttl: number, limit: number): Promise<Hit> {
    const now = this.clock.monotonic();
    let window = this.windows.get(key);
    if (!window || window.ends <= now) {
      window = { requests: 0, ends: now + ttl };
      this.windows.set(key, window);
    }
    window.requests += 1;
    const seconds = Math.ceil((window.ends - now) / 1000);
    const isBlocked = window.requests > limit;
    return {
      totalHits: window.requests,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    };
  }
}
