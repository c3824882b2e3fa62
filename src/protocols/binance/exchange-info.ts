import type { Steps } from '../../candles/market-reader.js';
import { decimalPlaces } from '../../common/decimal.js';
import type { ListedMarket } from './symbol-id.js';

/** No order is taken here, so there is no largest one: larger than any price or volume. */
const NO_LIMIT = '1000000000000';
const RATE_LIMITS = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
] as const;

export function describeExchange(serverTime: number, symbols: readonly unknown[]) {
  return { timezone: 'UTC', serverTime, rateLimits: RATE_LIMITS, exchangeFilters: [], symbols };
}

export function statusOf({ active }: ListedMarket): 'TRADING' | 'BREAK' {
  return active ? 'TRADING' : 'BREAK';
}

/** @param permissions whether to tell who may trade; everybody may */
export function describeSymbol(market: ListedMarket, { tickSize, stepSize }: Steps, permissions: boolean) {
  const basePrecision = Math.max(8, decimalPlaces(stepSize));
  const quotePrecision = Math.max(8, decimalPlaces(tickSize));
  return {
    symbol: market.id,
    status: statusOf(market),
    baseAsset: market.base,
    baseAssetPrecision: basePrecision,
    quoteAsset: market.quote,
    quotePrecision,
    quoteAssetPrecision: quotePrecision,
    baseCommissionPrecision: basePrecision,
    quoteCommissionPrecision: quotePrecision,
    orderTypes: ['LIMIT', 'MARKET'],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: false,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: NO_LIMIT, tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: NO_LIMIT, stepSize },
      {
        filterType: 'NOTIONAL',
        minNotional: '0',
        applyMinToMarket: false,
        maxNotional: NO_LIMIT,
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
    ],
    permissions: [],
    ...(permissions && { permissionSets: [['SPOT']] }),
    defaultSelfTradePreventionMode: 'NONE',
    allowedSelfTradePreventionModes: ['NONE'],
  };
}
