import { z } from 'zod';
import {
  averageSchema,
  dayTickerSchema,
  exchangeInfoSchema,
  klinesSchema,
  nothingSchema,
  priceTickerSchema,
} from '../../protocols/binance/binance.schemas.js';
import {
  averagePrice,
  binancePing,
  binanceTime,
  books,
  dayTickers,
  exchangeInfo,
  klines,
  prices,
} from '../answers/binance.js';
import type { Note, Notes, Operation, RequestPart } from '../operation.js';
import {
  AVERAGE_EXAMPLE,
  BOOK_EXAMPLE,
  EXCHANGE_EXAMPLE,
  KLINE_EXAMPLE,
  TICKER_EXAMPLE,
} from './binance.examples.js';
import { intervalNote, json } from './shared.js';

const symbol: Note = { description: 'Base and quote.', examples: ['BTCUSDT'] };
const symbols: Note = {
  description: 'Several of them, as a JSON array.',
  examples: ['["BTCUSDT","ETHUSDT"]'],
};
const symbolStatus: Note = { description: 'Only symbols with this status.' };
const some: Notes = {
  symbol: { ...symbol, description: 'Base and quote. Without it, and without `symbols`: all.' },
  symbols,
  symbolStatus,
};
const BTC = { query: { symbol: 'BTCUSDT' } };

interface Told {
  readonly name: string;
  readonly id: string;
  readonly summary: string;
  readonly query: RequestPart;
  readonly example?: { readonly query: Readonly<Record<string, string>> };
  readonly answer: z.ZodType;
  readonly shown: unknown;
}

const klinesQuery: Notes = {
  symbol,
  interval: intervalNote,
  startTime: { description: 'First open time, Unix ms.' },
  endTime: { description: 'Last open time, Unix ms.' },
  timeZone: {
    description: 'Hours, or hours and minutes, that days begin before those of UTC.',
    examples: ['8', '-1:00'],
  },
  limit: { description: 'Candles at most; 1000 at the very most.' },
};
const klinesExample = { query: { symbol: 'BTCUSDT', interval: '1m', limit: '1' } };

const TOLD: readonly Told[] = [
  {
    name: 'ping',
    id: 'Ping',
    summary: 'Whether it answers',
    query: { schema: nothingSchema, notes: {} },
    answer: binancePing,
    shown: {},
  },
  {
    name: 'time',
    id: 'Time',
    summary: 'The time',
    query: { schema: nothingSchema, notes: {} },
    answer: binanceTime,
    shown: { serverTime: 1795907315191 },
  },
  {
    name: 'exchangeInfo',
    id: 'ExchangeInfo',
    summary: 'Symbols with their steps',
    query: {
      schema: exchangeInfoSchema,
      notes: {
        ...some,
        permissions: { description: 'Taken, and not looked at.' },
        showPermissionSets: { description: 'Whether to tell who may trade: everybody.' },
      },
    },
    example: BTC,
    answer: exchangeInfo,
    shown: EXCHANGE_EXAMPLE,
  },
  ...(['klines', 'uiKlines'] as const).map((name) => ({
    name,
    id: name === 'klines' ? 'Klines' : 'UiKlines',
    summary: 'Candles, ascending; the last one may be open',
    query: { schema: klinesSchema, notes: klinesQuery },
    example: klinesExample,
    answer: klines,
    shown: KLINE_EXAMPLE,
  })),
  {
    name: 'ticker/24hr',
    id: 'DayTicker',
    summary: 'The last 24 hours',
    query: {
      schema: dayTickerSchema,
      notes: { ...some, type: { description: '`MINI`: fewer figures.' } },
    },
    example: BTC,
    answer: dayTickers,
    shown: TICKER_EXAMPLE,
  },
  {
    name: 'ticker/price',
    id: 'PriceTicker',
    summary: 'Last prices',
    query: { schema: priceTickerSchema, notes: some },
    example: BTC,
    answer: prices,
    shown: { symbol: 'BTCUSDT', price: '16280.96' },
  },
  {
    name: 'ticker/bookTicker',
    id: 'BookTicker',
    summary: 'Last prices, as both sides of a book that is not kept',
    query: { schema: priceTickerSchema, notes: some },
    example: BTC,
    answer: books,
    shown: BOOK_EXAMPLE,
  },
  {
    name: 'avgPrice',
    id: 'AveragePrice',
    summary: 'The average price of the last minutes',
    query: { schema: averageSchema, notes: { symbol } },
    example: BTC,
    answer: averagePrice,
    shown: AVERAGE_EXAMPLE,
  },
];

const ofExchange: RequestPart = {
  schema: z.object({ exchange: z.string() }),
  notes: { exchange: { description: "ccxt's id of the exchange that is asked instead of Binance." } },
};

/** Each under Binance's own path, and under one that names the exchange. */
export const BINANCE: readonly Operation[] = TOLD.flatMap(({ name, id, answer, shown, example, ...rest }) => {
  const common = {
    ...rest,
    method: 'get',
    tag: 'Binance',
    scope: 'read',
    answers: [
      {
        status: 200,
        description: rest.summary,
        headers: ['X-MBX-USED-WEIGHT', 'X-MBX-USED-WEIGHT-1M'],
        content: json(answer, shown),
      },
    ],
    dialect: 'binance',
    errors: [400, 429],
  } as const;
  return [
    { ...common, path: `/binance/api/v3/${name}`, id: `getBinance${id}`, ...(example && { example }) },
    {
      ...common,
      path: `/binance/{exchange}/api/v3/${name}`,
      id: `getBinance${id}OfExchange`,
      summary: `${rest.summary}, of an exchange`,
      parameters: ofExchange,
      example: { ...example, path: { exchange: 'simulator' } },
    },
  ];
});
