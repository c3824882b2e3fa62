import type { KeptMarket, Steps } from '../../candles/market-reader.js';
import { decimalPlaces } from '../../common/decimal.js';
import { toScaled } from '../../common/decimal-sum.js';
import { isIntraday, resolutionOf } from './resolution.js';
import { exchangeName, tickerOf } from './symbol-index.js';

/** All that is kept are markets of crypto exchanges, which never close. */
export const SYMBOL_TYPE = 'crypto';

/** What the charting library wants to know of a symbol. Must have no key `s`: the adapter takes that for a refusal. */
export interface SymbolInfo {
  readonly name: string;
  readonly full_name: string;
  readonly ticker: string;
  readonly description: string;
  readonly type: string;
  readonly session: string;
  readonly timezone: string;
  readonly exchange: string;
  readonly listed_exchange: string;
  readonly minmov: number;
  readonly pricescale: number;
  readonly has_intraday: boolean;
  readonly has_daily: boolean;
  readonly has_weekly_and_monthly: boolean;
  readonly intraday_multipliers: readonly string[];
  readonly supported_resolutions: readonly string[];
  readonly volume_precision: number;
  readonly format: string;
  readonly data_status: string;
}

/** @example describe(market) // 'BTC / USDT, settled in USDT, at binance' */
export function describe({ exchange, symbol, base, quote }: KeptMarket): string {
  const settle = symbol.split(':')[1];
  return `${base} / ${quote}${settle === undefined ? '' : `, settled in ${settle}`}, at ${exchange}`;
}

export function symbolInfo(market: KeptMarket, { tickSize, stepSize }: Steps): SymbolInfo {
  const { intervals } = market;
  const resolutions = intervals.map(resolutionOf);
  const intraday = resolutions.filter(isIntraday);
  return {
    name: market.symbol,
    full_name: tickerOf(market),
    ticker: tickerOf(market),
    description: describe(market),
    type: SYMBOL_TYPE,
    session: '24x7',
    timezone: 'Etc/UTC',
    exchange: exchangeName(market.exchange),
    listed_exchange: exchangeName(market.exchange),
    ...priceSteps(tickSize),
    has_intraday: intraday.length > 0,
    has_daily: intervals.includes('1d'),
    has_weekly_and_monthly: intervals.includes('1w') && intervals.includes('1M'),
    intraday_multipliers: intraday,
    supported_resolutions: resolutions,
    volume_precision: decimalPlaces(stepSize),
    format: 'price',
    data_status: market.active ? 'streaming' : 'endofday',
  };
}

/**
 * The tick size as the fraction that the library counts in. Both are doubles there: powers of ten are exact as such up to
 * 22 digits, and ticks have one or two digits.
 *
 * @example priceSteps('0.05') // { minmov: 5, pricescale: 100 }
 */
export function priceSteps(tickSize: string): Pick<SymbolInfo, 'minmov' | 'pricescale'> {
  const { units, scale } = toScaled(tickSize);
  return { minmov: Number(units), pricescale: 10 ** scale };
}

/** Many symbols, a column for each thing that is told of them. */
export function symbolColumns(infos: readonly SymbolInfo[]): Record<string, readonly unknown[]> {
  const column = (key: keyof SymbolInfo) => infos.map((info) => info[key]);
  return {
    symbol: column('name'),
    ticker: column('ticker'),
    description: column('description'),
    type: column('type'),
    'exchange-listed': column('listed_exchange'),
    'exchange-traded': column('exchange'),
    'session-regular': column('session'),
    timezone: column('timezone'),
    minmovement: column('minmov'),
    minmov2: infos.map(() => 0),
    fractional: infos.map(() => false),
    pricescale: column('pricescale'),
    'has-intraday': column('has_intraday'),
    'has-daily': column('has_daily'),
    'has-weekly-and-monthly': column('has_weekly_and_monthly'),
    'intraday-multipliers': column('intraday_multipliers'),
    'supported-resolutions': column('supported_resolutions'),
    'volume-precision': column('volume_precision'),
  };
}
