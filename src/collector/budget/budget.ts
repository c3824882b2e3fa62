import type { HeldBackReason } from '../../exchanges/exchange-errors.js';
import type { ServedQuota } from '../../exchanges/served-quota.js';

/** What is known of how often an exchange may be asked from this address. Times are Unix ms. */
export interface Budget {
  /** Until then nobody asks it. */
  readonly blockedUntil: number;
  readonly reason: HeldBackReason | null;
  /** Refusals in a row, each within an hour of the end of the one before. */
  readonly strikes: number;
  /** Of the exchange's present window, which ends at `usedUntil`. */
  readonly used: number;
  readonly usedLimit: number;
  readonly usedUntil: number;
}

/** An exchange's word that it must not be asked for a while. */
export interface Refusal {
  readonly reason: Exclude<HeldBackReason, 'quota' | 'unavailable'>;
  readonly retryAfterMs: number | undefined;
}

export interface Hold {
  readonly reason: HeldBackReason;
  /** Until it is over, in milliseconds. */
  readonly ms: number;
}

export const FRESH_BUDGET: Budget = {
  blockedUntil: 0,
  reason: null,
  strikes: 0,
  used: 0,
  usedLimit: 0,
  usedUntil: 0,
};

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

/** First wait where the exchange names none, and the longest; doubled with each strike. */
const WAITS: Readonly<Record<Refusal['reason'], readonly [number, number]>> = {
  // Binance bans for two minutes to three days, and longer whoever goes on asking.
  banned: [5 * MINUTE, DAY],
  'rate-limited': [10 * SECOND, 10 * MINUTE],
  'asked-to-wait': [10 * SECOND, 10 * MINUTE],
};
/** No exchange is known to ban for longer: what asks for more is a mistake. */
const LONGEST_MS = 7 * DAY;
/** `Retry-After` counts whole seconds. */
const MARGIN_MS = SECOND;
const FORGET_MS = HOUR;

/** From this share of the exchange's quota on, bulk work and what is urgent wait for its next window. */
const BULK_SHARE = 0.8;
const URGENT_SHARE = 0.95;

/**
 * A refusal while a block holds comes from a request that was on its way: it may make the block longer, but is no further
 * strike.
 */
export function afterRefusal(budget: Budget, refusal: Refusal, now: number): Budget {
  const { reason, retryAfterMs } = refusal;
  const holds = budget.blockedUntil > now;
  const strikes = holds ? budget.strikes : now - budget.blockedUntil < FORGET_MS ? budget.strikes + 1 : 1;
  const isNews = !holds || (reason === 'banned' && budget.reason !== 'banned');
  const [first, longest] = WAITS[reason];
  const unnamed = isNews ? Math.min(longest, first * 2 ** Math.min(strikes - 1, 30)) : 0;
  const wait = retryAfterMs === undefined ? unnamed : Math.min(retryAfterMs, LONGEST_MS) + MARGIN_MS;
  const blockedUntil = Math.ceil(now + wait);
  if (blockedUntil <= budget.blockedUntil) return { ...budget, strikes };
  return { ...budget, blockedUntil, reason, strikes };
}

/** Within one window the highest figure counts: answers overtake each other, and an exchange may have several quotas. */
export function afterAnswer(budget: Budget, { used, limit, resetsInMs }: ServedQuota, now: number): Budget {
  const isSameWindow = budget.usedUntil > now;
  if (isSameWindow && shareUsed(budget, now) >= used / limit) return budget;
  return { ...budget, used, usedLimit: limit, usedUntil: Math.ceil(now + resetsInMs) };
}

/** The share of the exchange's quota that is used up in its present window, 0 to 1 and beyond. */
export function shareUsed({ used, usedLimit, usedUntil }: Budget, now: number): number {
  return usedUntil > now && usedLimit > 0 ? used / usedLimit : 0;
}

/** Why the exchange must not be asked now, and for how long; null when it may be. */
export function holdOf(budget: Budget, urgent: boolean, now: number): Hold | null {
  const { blockedUntil, reason, usedUntil } = budget;
  if (blockedUntil > now) return { reason: reason ?? 'rate-limited', ms: blockedUntil - now };
  const isSpent = shareUsed(budget, now) >= (urgent ? URGENT_SHARE : BULK_SHARE);
  return isSpent ? { reason: 'quota', ms: usedUntil - now } : null;
}

/** What two processes know, together: the later block, and the higher figure of the later window. */
export function mergeBudgets(a: Budget, b: Budget): Budget {
  const { blockedUntil, reason, strikes } = a.blockedUntil >= b.blockedUntil ? a : b;
  // Two readings of one window end at about the same time.
  const isSameWindow = Math.abs(a.usedUntil - b.usedUntil) < SECOND * 2;
  const aUsed = isSameWindow ? a.used * b.usedLimit >= b.used * a.usedLimit : a.usedUntil > b.usedUntil;
  const { used, usedLimit, usedUntil } = aUsed ? a : b;
  return { blockedUntil, reason, strikes, used, usedLimit, usedUntil };
}
