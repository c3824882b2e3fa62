import { z } from 'zod';
import { named, told } from '../components.js';

const seconds = told(z.int(), 'Unix seconds.');
const choice = z.object({ value: z.string(), name: z.string() });

export const udfConfig = named(
  'UdfConfig',
  z.object({
    supports_search: z.boolean(),
    supports_group_request: z.boolean(),
    supports_marks: z.boolean(),
    supports_timescale_marks: z.boolean(),
    supports_time: z.boolean(),
    supported_resolutions: z.array(z.string()),
    exchanges: z.array(choice.extend({ desc: z.string() })),
    symbols_types: z.array(choice),
  }),
);

export const udfTime = seconds;

export const udfSymbol = named(
  'UdfSymbol',
  z.object({
    name: z.string(),
    full_name: z.string(),
    ticker: told(z.string(), 'What charts ask for: `BINANCE:BTC/USDT`.'),
    description: z.string(),
    type: z.string(),
    session: z.string(),
    timezone: z.string(),
    exchange: z.string(),
    listed_exchange: z.string(),
    minmov: told(z.number(), 'The tick size is `minmov / pricescale`.'),
    pricescale: z.number(),
    has_intraday: z.boolean(),
    has_daily: z.boolean(),
    has_weekly_and_monthly: z.boolean(),
    intraday_multipliers: z.array(z.string()),
    supported_resolutions: z.array(z.string()),
    volume_precision: z.int(),
    format: z.string(),
    data_status: z.enum(['streaming', 'endofday']),
  }),
);

export const udfFound = named(
  'UdfFoundSymbol',
  z.object({
    symbol: z.string(),
    full_name: z.string(),
    description: z.string(),
    exchange: z.string(),
    ticker: z.string(),
    type: z.string(),
  }),
);

export const udfSymbols = named(
  'UdfSymbolColumns',
  z
    .record(z.string(), z.array(z.unknown()))
    .meta({ description: 'A column for each thing that is told of the symbols.' }),
);

const figures = told(z.array(z.number()), 'One of each bar; exact decimals.');

export const udfHistory = named(
  'UdfHistory',
  z.union([
    z.object({
      s: z.literal('ok'),
      t: z.array(seconds),
      o: figures,
      h: figures,
      l: figures,
      c: figures,
      v: figures,
    }),
    z.object({
      s: z.literal('no_data'),
      nextTime: told(seconds.optional(), 'The nearest bar before the window.'),
    }),
  ]),
);

const strings = z.array(z.string());

export const udfMarks = named(
  'UdfMarks',
  z.object({
    id: strings,
    time: z.array(seconds),
    color: strings,
    text: strings,
    label: strings,
    labelFontColor: strings,
    minSize: z.array(z.number()),
  }),
);

export const udfTimescaleMarks = named(
  'UdfTimescaleMarks',
  z.array(
    z.object({ id: z.string(), time: seconds, color: z.string(), label: z.string(), tooltip: strings }),
  ),
);

export const udfQuotes = named(
  'UdfQuotes',
  z.object({
    s: z.literal('ok'),
    d: z.array(
      z.union([
        z.object({
          s: z.literal('ok'),
          n: told(z.string(), 'As it was asked for.'),
          v: z.object({
            short_name: z.string(),
            exchange: z.string(),
            description: z.string(),
            ch: told(z.number(), 'Change since the day before.'),
            chp: told(z.number(), 'The same in percent.'),
            lp: told(z.number(), 'Last price.'),
            ask: z.number(),
            bid: z.number(),
            open_price: z.number(),
            high_price: z.number(),
            low_price: z.number(),
            prev_close_price: z.number(),
            volume: z.number(),
          }),
        }),
        z.object({ s: z.literal('error'), n: z.string(), v: z.strictObject({}) }),
      ]),
    ),
  }),
);

export const udfError = named(
  'UdfError',
  z.object({ s: z.literal('error'), errmsg: told(z.string(), 'What charts show.') }),
);
