import type { Window } from '../../src/candles/coverage.js';

const MINUTE = 60_000;

/**
 * How exchanges read `since` and a limit. `skips`: the first candles from then on, however far away. `counts`: the open times
 * from then on, as many as the limit. `stops`: up to the first hole. `keeps`: the newest ones, whatever was asked for.
 */
export type Manner = 'skips' | 'counts' | 'stops' | 'keeps';

/** A minute of the model: when its candle can be had, in minutes since its end; never where it is null. */
export type Availability = number | null;

/** The plainest exchange there is: one-minute candles from 0 on, of which some come late and some never. */
export class ModelExchange {
  requests = 0;
  /** While it is out of order it sends empty answers. */
  outage = false;

  constructor(
    readonly minutes: readonly Availability[],
    readonly pageSize: number,
    readonly manner: Manner = 'skips',
  ) {}

  /** Open times of the candles that can be had, Unix ms. */
  available(now: number): number[] {
    return this.minutes.flatMap((after, index) =>
      after !== null && (index + 1 + after) * MINUTE <= now ? [index * MINUTE] : [],
    );
  }

  /** The open times of one page. */
  ask({ from, to }: Window, now: number): number[] {
    this.requests += 1;
    if (this.outage) return [];
    return this.page(from, now).filter((openTime) => openTime >= from && openTime < to);
  }

  private page(from: number, now: number): number[] {
    const all = this.available(now);
    const since = all.filter((openTime) => openTime >= from);
    if (this.manner === 'keeps') return all.slice(-this.pageSize);
    if (this.manner === 'counts') return since.filter((time) => time < from + this.pageSize * MINUTE);
    if (this.manner === 'skips') return since.slice(0, this.pageSize);
    const stop = since.findIndex((time, index) => index > 0 && time !== since[index - 1]! + MINUTE);
    return since.slice(0, Math.min(this.pageSize, stop < 0 ? Infinity : stop));
  }
}
