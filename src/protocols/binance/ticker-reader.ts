import { Inject, Injectable } from '@nestjs/common';
import type { Candle } from '../../candles/candle.js';
import { CandlePages } from '../../candles/candle-pages.js';
import { ROLLUP_SOURCE } from '../../candles/rollup.js';
import { SeriesReader } from '../../candles/series-reader.js';
import type { CandleSource } from '../../candles/series.js';
import { Clock } from '../../common/clock.js';
import { firstOpenTimeFrom, openTimeAt, stepOpenTime } from '../../common/interval.js';
import { Semaphore } from '../../common/semaphore.js';
import { toDay, type Day } from './day.js';
import { average, sum, sumOfProducts } from './figures.js';
import { Recent } from './recent.js';
import type { ListedMarket } from './symbol-id.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Over so long the average price goes, as Binance's does. */
const AVERAGE_MINS = 5;
/** Markets that are read at once; of those that one request asks for by name the turn comes first. */
const AT_ONCE = 4;
/** All markets are read for a fifth of the time at most, however many there are and however often they are asked for. */
const PATIENCE = 4;
/** More candles than a day has of any interval that is read here. */
const ENOUGH = 2000;

export interface AveragePrice {
  readonly mins: number;
  readonly price: string;
  /** When the newest candle that it is of was over, or now. Unix ms. */
  readonly closeTime: number;
}

/** Something of each of several markets. */
export type Told<T> = ReadonlyArray<readonly [ListedMarket, T]>;

/** Reads what tickers tell out of the shortest candles that a market has. */
@Injectable()
export class TickerReader {
  private readonly turns = new Semaphore(AT_ONCE);
  private readonly days: Recent<Day>;
  private readonly prices: Recent<string>;
  private readonly allDays: Recent<Told<Day>>;
  private readonly allPrices: Recent<Told<string>>;

  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandlePages) private readonly pages: CandlePages,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.days = new Recent(clock);
    this.prices = new Recent(clock);
    this.allDays = new Recent(clock, PATIENCE);
    this.allPrices = new Recent(clock, PATIENCE);
  }

  /** The last 24 hours; as on Binance, from the beginning of the candle that was open then. */
  day(market: ListedMarket, urgent = true): Promise<Day> {
    const read = () => this.turns.run(() => this.readDay(market), undefined, { urgent });
    return this.days.get(keyOf(market), read);
  }

  /** Of all markets of an exchange; as old as it takes to read them, and a few times that. */
  daysOfAll(exchange: string, markets: readonly ListedMarket[]): Promise<Told<Day>> {
    return this.allDays.get(exchange, () => tell(markets, (market) => this.day(market, false)));
  }

  /** `0` where there has not been one. */
  lastPrice(market: ListedMarket, urgent = true): Promise<string> {
    const read = () => this.turns.run(() => this.readPrice(market), undefined, { urgent });
    return this.prices.get(keyOf(market), read);
  }

  /** Of all markets of an exchange, as `daysOfAll`. */
  lastPricesOfAll(exchange: string, markets: readonly ListedMarket[]): Promise<Told<string>> {
    return this.allPrices.get(exchange, () => tell(markets, (market) => this.lastPrice(market, false)));
  }

  /** Weighted by volume, each candle at its close. */
  async average(market: ListedMarket): Promise<AveragePrice> {
    const source = await this.sourceOf(market);
    const { interval } = source.series;
    const now = this.clock.now();
    const from = openTimeAt(interval, now - AVERAGE_MINS * 60_000);
    const { candles } = await this.pages.rows(source, { from, limit: ENOUGH, order: 'asc', closed: false });
    const quote = sumOfProducts(candles.map(({ volume, close }) => [volume, close]));
    const price = average(quote, sum(candles.map(({ volume }) => volume)));
    const end = candles.length === 0 ? now : stepOpenTime(interval, candles.at(-1)!.openTime, 1) - 1;
    return {
      mins: AVERAGE_MINS,
      price: price ?? candles.at(-1)?.close ?? (await this.lastPrice(market)),
      closeTime: Math.min(now, end),
    };
  }

  private async readDay(market: ListedMarket): Promise<Day> {
    const source = await this.sourceOf(market);
    const { interval } = source.series;
    const closeTime = this.clock.now();
    const openTime = openTimeAt(interval, closeTime - DAY);
    const from = stepOpenTime(interval, openTime, -1);
    const candles =
      interval === ROLLUP_SOURCE
        ? await this.minutesAndHours(source, from)
        : await this.read(source, from, undefined);
    const known = candles.length === 0 ? await this.readPrice(market) : undefined;
    return toDay(candles, { openTime, closeTime, ...(known !== undefined && { known }) });
  }

  /** Hours, but for the minutes before the first whole one: 80 rows, where the minutes of a day are 1440. */
  private async minutesAndHours(source: CandleSource, from: number): Promise<Candle[]> {
    // The minute before the day belongs to no hour of it.
    const hour = firstOpenTimeFrom('1h', from + 1);
    const [minutes, hours] = await Promise.all([
      this.read(source, from, hour),
      this.read({ series: source.series, rollup: '1h' }, hour, undefined),
    ]);
    return [...minutes, ...hours];
  }

  private async readPrice(market: ListedMarket): Promise<string> {
    const query = { limit: 1, order: 'desc', closed: false } as const;
    const { candles } = await this.pages.rows(await this.sourceOf(market), query);
    return candles[0]?.close ?? '0';
  }

  private async read(source: CandleSource, from: number, to: number | undefined): Promise<Candle[]> {
    const query = { from, to, limit: ENOUGH, order: 'asc', closed: false } as const;
    return (await this.pages.rows(source, query)).candles;
  }

  private sourceOf({ exchange, symbol, intervals }: ListedMarket): Promise<CandleSource> {
    return this.series.find(exchange, symbol, intervals[0]!);
  }
}

function keyOf({ exchange, symbol }: ListedMarket): string {
  return `${exchange}:${symbol}`;
}

function tell<T>(
  markets: readonly ListedMarket[],
  read: (market: ListedMarket) => Promise<T>,
): Promise<Told<T>> {
  return Promise.all(markets.map(async (market) => [market, await read(market)] as const));
}
