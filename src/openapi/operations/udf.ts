import type { z } from 'zod';
import { ALL_RESOLUTIONS } from '../../protocols/udf/resolution.js';
import {
  groupSchema,
  historySchema,
  marksSchema,
  quotesSchema,
  searchSchema,
  symbolSchema,
} from '../../protocols/udf/udf.schemas.js';
import {
  udfConfig,
  udfFound,
  udfHistory,
  udfMarks,
  udfQuotes,
  udfSymbol,
  udfSymbols,
  udfTime,
  udfTimescaleMarks,
} from '../answers/udf.js';
import type { Note, Notes, Operation, RequestPart } from '../operation.js';
import { json } from './shared.js';

const TICKER = 'SIMULATOR:BTC/USDT';
const LATE = '4102444800';
const symbol: Note = { description: 'Ticker of a market, as `/udf/search` tells it.', examples: [TICKER] };
const resolution: Note = { description: 'How long a bar lasts.', enum: [...ALL_RESOLUTIONS, 'D', 'W', 'M'] };
const from: Note = { description: 'Unix seconds.', examples: ['1795305600'] };
const to: Note = { description: 'Unix seconds; open times from here on are left out.', examples: [LATE] };
const window: Notes = {
  symbol,
  resolution,
  from,
  to: { description: 'Unix seconds, and no more.', examples: [LATE] },
};
const windowExample = { query: { symbol: TICKER, resolution: '1', from: '0', to: LATE } };

interface Told {
  readonly summary: string;
  readonly description?: string;
  readonly query?: RequestPart;
  readonly example?: Operation['example'];
  readonly answer: z.ZodType;
  readonly shown: unknown;
  readonly errors?: readonly number[];
}

function get(name: string, id: string, { answer, shown, query, errors = [], ...rest }: Told): Operation {
  return {
    ...rest,
    method: 'get',
    path: `/udf/${name}`,
    id,
    tag: 'TradingView',
    scope: 'read',
    ...(query && { query }),
    answers: [{ status: 200, description: rest.summary, content: json(answer, shown) }],
    dialect: 'udf',
    errors: [...errors, ...(query ? [400] : []), ...(name === 'time' ? [] : [503])],
  };
}

export const UDF: readonly Operation[] = [
  get('config', 'getUdfConfig', {
    summary: 'What the datafeed can do',
    answer: udfConfig,
    shown: {
      supports_search: true,
      supports_group_request: false,
      supports_marks: true,
      supports_timescale_marks: true,
      supports_time: true,
      supported_resolutions: ALL_RESOLUTIONS,
      exchanges: [{ value: 'SIMULATOR', name: 'SIMULATOR', desc: 'simulator' }],
      symbols_types: [{ name: 'Crypto', value: 'crypto' }],
    },
  }),
  get('time', 'getUdfTime', { summary: 'The time, in Unix seconds', answer: udfTime, shown: 1795907314 }),
  get('symbols', 'getUdfSymbol', {
    summary: 'One symbol',
    query: { schema: symbolSchema, notes: { symbol } },
    example: { query: { symbol: TICKER } },
    errors: [404],
    answer: udfSymbol,
    shown: {
      name: 'BTC/USDT',
      full_name: TICKER,
      ticker: TICKER,
      description: 'BTC / USDT, at simulator',
      type: 'crypto',
      session: '24x7',
      timezone: 'Etc/UTC',
      exchange: 'SIMULATOR',
      listed_exchange: 'SIMULATOR',
      minmov: 1,
      pricescale: 100,
      has_intraday: true,
      has_daily: true,
      has_weekly_and_monthly: true,
      intraday_multipliers: ['1', '60'],
      supported_resolutions: ALL_RESOLUTIONS,
      volume_precision: 5,
      format: 'price',
      data_status: 'streaming',
    },
  }),
  get('symbol_info', 'getUdfSymbolInfo', {
    summary: 'All symbols of an exchange, by columns',
    query: { schema: groupSchema, notes: { group: { description: 'An exchange.', examples: ['BINANCE'] } } },
    example: { query: { group: 'SIMULATOR' } },
    errors: [404],
    answer: udfSymbols,
    shown: { symbol: ['BTC/USDT'], ticker: [TICKER], minmovement: [1], pricescale: [100] },
  }),
  get('search', 'searchUdfSymbols', {
    summary: 'Symbols that match, the best first',
    query: {
      schema: searchSchema,
      notes: {
        query: {
          description: 'What stands in the name or the description; nothing: all.',
          examples: ['BTC'],
        },
        type: { description: 'Of symbols: `crypto`, or nothing.' },
        exchange: { description: 'As `/udf/config` tells it; nothing: any.', examples: ['BINANCE'] },
        limit: { description: 'Symbols at most; 1000 at the very most.' },
      },
    },
    example: { query: { query: 'btc' } },
    answer: udfFound.array(),
    shown: [
      {
        symbol: 'BTC/USDT',
        full_name: TICKER,
        description: 'BTC / USDT, at simulator',
        exchange: 'SIMULATOR',
        ticker: TICKER,
        type: 'crypto',
      },
    ],
  }),
  get('history', 'getUdfHistory', {
    summary: 'Bars',
    description: 'The newest of the window, ascending; the last one may be open. 50,000 at most.',
    query: {
      schema: historySchema,
      notes: {
        symbol,
        resolution,
        from: { ...from, description: 'Unix seconds. Required, but for `countback`.' },
        to,
        countback: { description: 'So many bars before `to`, however far back they are.', examples: ['300'] },
      },
    },
    example: { query: { symbol: TICKER, resolution: '1', to: LATE, countback: '2' } },
    errors: [404],
    answer: udfHistory,
    shown: {
      s: 'ok',
      t: [1795907220, 1795907280],
      o: [16282.81, 16281.67],
      h: [16283.24, 16286.91],
      l: [16280.63, 16280.96],
      c: [16281.67, 16280.96],
      v: [3.15804, 1.12999],
    },
  }),
  get('marks', 'getUdfMarks', {
    summary: 'What was not sent, and what was changed later, by columns',
    query: { schema: marksSchema, notes: window },
    example: windowExample,
    errors: [404],
    answer: udfMarks,
    shown: {
      id: ['missing-1795400000000'],
      time: [1795400000],
      color: ['red'],
      text: [
        'the exchange did not send what opens from 2026-11-23T02:13:00.000Z to before 2026-11-23T02:14:00.000Z',
      ],
      label: ['M'],
      labelFontColor: ['white'],
      minSize: [14],
    },
  }),
  get('timescale_marks', 'getUdfTimescaleMarks', {
    summary: 'Where the history begins and ends, and its holes',
    query: { schema: marksSchema, notes: window },
    example: windowExample,
    errors: [404],
    answer: udfTimescaleMarks,
    shown: [
      {
        id: 'first-1795734540000',
        time: 1795734540,
        color: 'green',
        label: 'B',
        tooltip: ['the history that is kept begins 2026-11-26T23:09:00.000Z'],
      },
    ],
  }),
  get('quotes', 'getUdfQuotes', {
    summary: 'Last prices, with the day that they belong to',
    query: {
      schema: quotesSchema,
      notes: {
        symbols: { description: 'Tickers, up to 200, with commas between them.', examples: [TICKER] },
      },
    },
    example: { query: { symbols: TICKER } },
    answer: udfQuotes,
    shown: {
      s: 'ok',
      d: [
        {
          s: 'ok',
          n: TICKER,
          v: {
            short_name: 'BTC/USDT',
            exchange: 'SIMULATOR',
            description: 'BTC / USDT, at simulator',
            ch: 235.72,
            chp: 1.47,
            lp: 16280.96,
            ask: 16280.96,
            bid: 16280.96,
            open_price: 16045.24,
            high_price: 16596.97,
            low_price: 16043.34,
            prev_close_price: 16045.24,
            volume: 6504.55666,
          },
        },
      ],
    },
  }),
];
