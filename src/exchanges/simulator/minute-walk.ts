import { FractalNoise, growth, hashFraction, multiplied } from './noise.js';
import type { SimulatedMarket } from './simulated-market.js';
import type { TickCandle } from './tick-candle.js';

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A price every ten seconds; in between it moves in a straight line. */
const SAMPLES = 6;
const SAMPLE = MINUTE / SAMPLES;
const LONGEST_PERIOD = 4 * 365 * DAY;
const SLOW_OCTAVES = 11;
const FAST_OCTAVES = 12;

/** Trading by the hour of the day, UTC: Europe and America trade more than Asia. */
const ACTIVITY = [
  0.9, 0.85, 0.8, 0.75, 0.7, 0.7, 0.75, 0.9, 1.05, 1.1, 1.05, 1, 1.1, 1.4, 1.7, 1.75, 1.6, 1.4, 1.25, 1.15,
  1.1, 1.05, 1, 0.95,
];
const WEEKEND = 0.65;

/** Walks along a market's one-minute candles in order. The same minute is the same candle in every walk. */
export class MinuteWalk {
  private readonly seed: number;
  private readonly slow: FractalNoise;
  private readonly fast: FractalNoise;
  private readonly jitter: FractalNoise;
  private readonly restlessness: FractalNoise;
  /** Prices of the minute under way, in ticks: its open, and then one per sample. */
  private readonly prices = Array.from({ length: SAMPLES + 1 }, () => 0);
  private trend: number;
  private unrest: number;

  /** @param minute open time of the first candle, Unix ms */
  constructor(
    private readonly market: SimulatedMarket,
    private minute: number,
  ) {
    this.seed = market.path * 1_000_003;
    // A random walk spreads with the square root of time, hence 38 days' moves in 4 years (1,460 days).
    const longestMove = market.dailyMove * 38;
    this.slow = new FractalNoise(this.seed, LONGEST_PERIOD, SLOW_OCTAVES, longestMove);
    this.fast = new FractalNoise(
      this.seed + 1,
      multiplied(LONGEST_PERIOD, 0.5, SLOW_OCTAVES),
      FAST_OCTAVES,
      multiplied(longestMove, Math.SQRT1_2, SLOW_OCTAVES),
    );
    this.jitter = new FractalNoise(this.seed + 4, 24 * SECOND, 2, market.dailyMove * 0.03);
    this.restlessness = new FractalNoise(this.seed + 2, 32 * DAY, 8, 0.5);
    this.trend = this.slow.at(minute);
    this.unrest = this.unrestAt(minute);
    this.prices[SAMPLES] = this.price(this.trend, this.unrest, minute);
  }

  /** The next whole minute. */
  next(): TickCandle {
    this.sample();
    const candle = this.candle(SAMPLES, 0, MINUTE);
    this.minute += MINUTE;
    return candle;
  }

  /**
   * The next minute as it stands `elapsed` milliseconds (1 to 59,999) after it opened: high and volume only rise with
   * `elapsed` and low only falls, towards what {@link next} returns. Ends the walk.
   */
  unfinished(elapsed: number): TickCandle {
    this.sample();
    const passed = Math.floor(elapsed / SAMPLE);
    return this.candle(passed, (elapsed - passed * SAMPLE) / SAMPLE, elapsed);
  }

  private sample(): void {
    const end = this.minute + MINUTE;
    const [trend, unrest] = [this.slow.at(end), this.unrestAt(end)];
    this.prices[0] = this.prices[SAMPLES]!;
    for (let i = 1; i < SAMPLES; i += 1) {
      const share = i / SAMPLES;
      this.prices[i] = this.price(
        this.trend + (trend - this.trend) * share,
        this.unrest + (unrest - this.unrest) * share,
        this.minute + i * SAMPLE,
      );
    }
    this.prices[SAMPLES] = this.price(trend, unrest, end);
    this.trend = trend;
    this.unrest = unrest;
  }

  /** The candle after `passed` samples and a `share` of the next. */
  private candle(passed: number, share: number, elapsed: number): TickCandle {
    const open = this.prices[0]!;
    const last = this.prices[passed]!;
    const close = share === 0 ? last : Math.round(last + (this.prices[passed + 1]! - last) * share);
    let [high, low] = [Math.max(open, close), Math.min(open, close)];
    for (let i = 1; i <= passed; i += 1) {
      const price = this.prices[i]!;
      if (price > high) high = price;
      if (price < low) low = price;
    }
    const volume = Math.floor((this.volume() * elapsed) / MINUTE);
    return { openTime: this.minute, open, high, low, close, volume };
  }

  /** Lots traded in the whole minute: more when prices move, by the hour, less at weekends, and rarely a burst. */
  private volume(): number {
    let path = 0;
    for (let i = 1; i <= SAMPLES; i += 1) path += Math.abs(this.prices[i]! - this.prices[i - 1]!);
    const movement = path / (this.prices[0]! * this.market.dailyMove);
    const luck = hashFraction(this.seed + 3, this.minute / MINUTE);
    const burst = luck * luck * luck * luck;
    const share = (0.15 + 0.6 * luck + 2.5 * burst * burst) * (0.3 + 8 * movement) * activityAt(this.minute);
    return Math.max(1, Math.round(this.market.lots * share));
  }

  private price(trend: number, unrest: number, time: number): number {
    const wander = unrest * (this.fast.at(time) + this.jitter.at(time));
    return Math.max(1, Math.round(this.market.level * growth(trend + wander)));
  }

  private unrestAt(time: number): number {
    const noise = this.restlessness.at(time);
    return 0.6 + 2 * noise * noise;
  }
}

function activityAt(time: number): number {
  const hours = (time % DAY) / HOUR;
  const hour = Math.floor(hours);
  const from = ACTIVITY[hour]!;
  const to = ACTIVITY[(hour + 1) % 24]!;
  // 1 January 1970 was a Thursday.
  const weekday = (Math.floor(time / DAY) + 4) % 7;
  return (from + (to - from) * (hours - hour)) * (weekday === 0 || weekday === 6 ? WEEKEND : 1);
}
