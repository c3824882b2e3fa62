import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { shared } from '../common/cancellation.js';
import { Clock } from '../common/clock.js';
import { decimalPlaces, decimalStep } from '../common/decimal.js';
import { INTERVALS, type Interval } from '../common/interval.js';
import { READER } from '../database/names.js';
import { isMadeOf } from './rollup.js';

/** A market of which candles are kept, in ccxt's notation. */
export interface KeptMarket {
  readonly exchange: string;
  /** `BASE/QUOTE`, `BASE/QUOTE:SETTLE` for derivatives. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** What can be asked for: collected, or made of what is collected. Shortest first. */
  readonly intervals: readonly Interval[];
  /** Whether any of its series is collected at present. */
  readonly active: boolean;
}

/** The steps of a market's figures, as canonical decimals. */
export interface Steps {
  readonly tickSize: string;
  readonly stepSize: string;
}

interface SeriesRow {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  readonly anchor: number;
  readonly state: string;
}

interface StepRow {
  readonly exchange: string;
  readonly symbol: string;
  readonly tickSize: string | null;
  readonly stepSize: string | null;
  /** Of the newest candles, where the exchange tells no step: JSON arrays of their figures. */
  readonly prices: string | null;
  readonly volumes: string | null;
}

const SERIES = `SELECT exchange, symbol, interval, anchor, state FROM series WHERE deleted_at IS NULL
  ORDER BY exchange, symbol, id`;

/** Candles that a step is read from where the exchange tells none. */
const SAMPLE = 200;
const NEWEST = `SELECT open, high, low, close, volume FROM candle WHERE series_id = series.id
  ORDER BY open_time DESC LIMIT ${SAMPLE}`;
const STEPS = `SELECT exchange, symbol, tick_size AS tickSize, step_size AS stepSize,
    iif(tick_size IS NULL, (SELECT json_group_array(json_array(open, high, low, close)) FROM (${NEWEST})), NULL) AS prices,
    iif(step_size IS NULL, (SELECT json_group_array(volume) FROM (${NEWEST})), NULL) AS volumes
  FROM series WHERE deleted_at IS NULL AND ((exchange = ? AND symbol = ?) OR ?) GROUP BY exchange, symbol`;

/** For so long the steps that were read are believed, in milliseconds. */
const STEPS_FRESH_MS = 600_000;
const LIST_FRESH_MS = 1000;

/** Tells which markets are kept, for those protocols that speak of markets and not of series. */
@Injectable()
export class MarketReader {
  private listed: { readonly markets: Promise<readonly KeptMarket[]>; readonly until: number } | undefined;
  private readonly known = new Map<string, { readonly steps: Steps; readonly until: number }>();

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** All of them, by exchange and symbol; at most a second old. */
  list(): Promise<readonly KeptMarket[]> {
    const now = this.clock.monotonic();
    if (this.listed && now < this.listed.until) return this.listed.markets;
    // Several may wait for it by now.
    const markets = shared(() => this.read());
    this.listed = { markets, until: now + LIST_FRESH_MS };
    markets.catch(() => (this.listed = undefined));
    return markets;
  }

  /**
   * The exchange's own steps where it tells them; otherwise those of the digits that its newest candles have.
   *
   * @param markets one, or all that are kept where none is given
   */
  async steps(market?: Pick<KeptMarket, 'exchange' | 'symbol'>): Promise<ReadonlyMap<string, Steps>> {
    const now = this.clock.monotonic();
    if (market) {
      const known = this.known.get(keyOf(market));
      if (known && now < known.until) return new Map([[keyOf(market), known.steps]]);
    }
    const { exchange = '', symbol = '' } = market ?? {};
    const rows = await this.reader.query<StepRow[]>(STEPS, [exchange, symbol, market ? 0 : 1]);
    const steps = new Map(rows.map((row) => [keyOf(row), toSteps(row)]));
    for (const [key, found] of steps) this.known.set(key, { steps: found, until: now + STEPS_FRESH_MS });
    return steps;
  }

  /** The steps of one market; of one without candles those of whole numbers. */
  async stepsOf(market: Pick<KeptMarket, 'exchange' | 'symbol'>): Promise<Steps> {
    return (await this.steps(market)).get(keyOf(market)) ?? { tickSize: '1', stepSize: '1' };
  }

  private async read(): Promise<readonly KeptMarket[]> {
    const rows = await this.reader.query<SeriesRow[]>(SERIES);
    const markets = new Map<string, SeriesRow[]>();
    for (const row of rows) {
      const same = markets.get(keyOf(row));
      if (same) same.push(row);
      else markets.set(keyOf(row), [row]);
    }
    return [...markets.values()].map(toMarket);
  }
}

/** What a market is found by in the maps of `MarketReader`. */
export function keyOf({ exchange, symbol }: Pick<KeptMarket, 'exchange' | 'symbol'>): string {
  return `${exchange}:${symbol}`;
}

function toMarket(rows: readonly SeriesRow[]): KeptMarket {
  const { exchange, symbol } = rows[0]!;
  const [base = '', quote = ''] = symbol.split(':')[0]!.split('/');
  const isAnswered = (interval: Interval) =>
    rows.some((row) => row.interval === interval || (row.anchor === 0 && isMadeOf(interval, row.interval)));
  return {
    exchange,
    symbol,
    base,
    quote,
    intervals: INTERVALS.filter(isAnswered),
    active: rows.some(({ state }) => state === 'active'),
  };
}

function toSteps({ tickSize, stepSize, prices, volumes }: StepRow): Steps {
  return {
    tickSize: tickSize ?? stepIn((JSON.parse(prices ?? '[]') as string[][]).flat()),
    stepSize: stepSize ?? stepIn(JSON.parse(volumes ?? '[]') as string[]),
  };
}

function stepIn(figures: readonly string[]): string {
  return decimalStep(figures.reduce((places, figure) => Math.max(places, decimalPlaces(figure)), 0));
}
