import { z } from 'zod';
import { named, told } from '../components.js';

const time = told(z.int(), 'Unix ms.');
const decimal = told(z.string().regex(/^-?\d+(?:\.\d+)?$/), 'Exact decimal.');
const notKept = told(z.literal('0'), 'Not kept.');
const symbol = told(z.string(), 'Base and quote: `BTCUSDT`.');

export const binancePing = named('BinancePing', z.strictObject({}));
export const binanceTime = named('BinanceTime', z.object({ serverTime: time }));

export const kline = named(
  'BinanceKline',
  z.tuple([
    told(z.int(), 'Open time, Unix ms.'),
    told(decimal, 'Open.'),
    told(decimal, 'High.'),
    told(decimal, 'Low.'),
    told(decimal, 'Close.'),
    told(decimal, 'Volume in the base currency.'),
    told(z.int(), 'Close time, Unix ms.'),
    told(z.literal('0'), 'Quote volume: not kept.'),
    told(z.literal(0), 'Trades: not kept.'),
    told(z.literal('0'), 'What takers bought: not kept.'),
    told(z.literal('0'), 'The same in the quote currency: not kept.'),
    told(z.literal('0'), 'Unused.'),
  ]),
);

export const klines = named('BinanceKlines', z.array(kline));

const listed = z.object({
  symbol,
  status: z.enum(['TRADING', 'BREAK']),
  baseAsset: z.string(),
  baseAssetPrecision: z.int(),
  quoteAsset: z.string(),
  quotePrecision: z.int(),
  quoteAssetPrecision: z.int(),
  baseCommissionPrecision: z.int(),
  quoteCommissionPrecision: z.int(),
  orderTypes: z.array(z.string()),
  icebergAllowed: z.boolean(),
  ocoAllowed: z.boolean(),
  otoAllowed: z.boolean(),
  quoteOrderQtyMarketAllowed: z.boolean(),
  allowTrailingStop: z.boolean(),
  cancelReplaceAllowed: z.boolean(),
  amendAllowed: z.boolean(),
  pegInstructionsAllowed: z.boolean(),
  isSpotTradingAllowed: z.boolean(),
  isMarginTradingAllowed: z.boolean(),
  filters: told(z.array(z.looseObject({ filterType: z.string() })), 'Steps of prices and amounts.'),
  permissions: z.array(z.string()),
  permissionSets: z.array(z.array(z.string())).optional(),
  defaultSelfTradePreventionMode: z.string(),
  allowedSelfTradePreventionModes: z.array(z.string()),
});

export const exchangeInfo = named(
  'BinanceExchangeInfo',
  z.object({
    timezone: z.literal('UTC'),
    serverTime: time,
    rateLimits: z.array(
      z.object({
        rateLimitType: z.string(),
        interval: z.string(),
        intervalNum: z.int(),
        limit: z.int(),
      }),
    ),
    exchangeFilters: z.array(z.unknown()),
    symbols: z.array(listed),
  }),
);

const book = { bidPrice: decimal, bidQty: notKept, askPrice: decimal, askQty: notKept };
const day = {
  openPrice: decimal,
  highPrice: decimal,
  lowPrice: decimal,
  lastPrice: decimal,
  volume: decimal,
  quoteVolume: told(decimal, 'Each candle at its close.'),
  openTime: time,
  closeTime: time,
  firstId: told(z.literal(-1), 'Not kept.'),
  lastId: told(z.literal(-1), 'Not kept.'),
  count: told(z.literal(0), 'Not kept.'),
};

const oneOrSeveral = (one: z.ZodType) => z.union([one, z.array(one)]);

const miniDay = named('BinanceMiniTicker', z.object({ symbol, ...day }));
const fullDay = named(
  'BinanceTicker',
  z.object({
    symbol,
    priceChange: decimal,
    priceChangePercent: decimal,
    weightedAvgPrice: decimal,
    prevClosePrice: decimal,
    lastQty: notKept,
    ...book,
    ...day,
  }),
);
export const dayTickers = z.union([fullDay, miniDay, z.array(z.union([fullDay, miniDay]))]);

export const prices = oneOrSeveral(named('BinancePrice', z.object({ symbol, price: decimal })));
export const books = oneOrSeveral(named('BinanceBookTicker', z.object({ symbol, ...book })));

export const averagePrice = named(
  'BinanceAveragePrice',
  z.object({ mins: told(z.int(), 'Over so many minutes.'), price: decimal, closeTime: time }),
);

export const binanceError = named(
  'BinanceError',
  z.object({ code: told(z.int(), "Binance's number."), msg: z.string() }),
);
