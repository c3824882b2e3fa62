import { z } from 'zod';
import { CANDLE_COLUMNS } from '../../candles/rest/columns.js';
import { INTERVALS } from '../../common/interval.js';
import { named, told } from '../components.js';

export const time = z.int();
const figure = (what: string) =>
  told(
    z.number(),
    `${what}, with exactly the digits that the exchange sent: a parser that makes doubles of numbers may round it.`,
  );

export const candle = named(
  'Candle',
  z
    .tuple([
      told(time, 'Open time, Unix ms.'),
      figure('Open'),
      figure('High'),
      figure('Low'),
      figure('Close'),
      figure('Volume in the base currency'),
    ])
    .meta({ description: '`[openTime, open, high, low, close, volume]`.' }),
);

export const market = {
  exchange: told(z.string(), "ccxt's id of the exchange."),
  symbol: told(z.string(), "ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`."),
  interval: told(z.enum(INTERVALS), 'How long a candle lasts.'),
};

/** With `columns` rows hold those only, in that order. */
const row = z.union([candle, z.array(z.number()).min(1).max(CANDLE_COLUMNS.length)]);

export const candlePage = named(
  'CandlePage',
  z.object({
    ...market,
    columns: told(z.array(z.enum(CANDLE_COLUMNS)), 'What rows hold, where it was asked for.').optional(),
    candles: told(z.array(row), 'In the order that was asked for.'),
    next: told(
      time.nullable(),
      '`from` of the next page, or `to` with `order=desc`; null when there is no more.',
    ),
    forming: told(
      time.nullable().optional(),
      'With `closed=false`: open time of the candles from which on they are not over, or null.',
    ),
    filled: told(z.array(time).optional(), 'With `fill=flat`: open times of those that were filled in.'),
    partial: told(
      z.array(time).optional(),
      'Where longer candles were made of shorter ones: open times of those of which some are missing.',
    ),
  }),
);

export const candlePages = named(
  'CandlePages',
  z.object({ results: told(z.array(candlePage), 'One page of each symbol, in the order of the request.') }),
);

export const latestCandles = named(
  'LatestCandles',
  z.object({
    candles: told(
      z.array(z.object({ ...market, candle, closed: told(z.boolean(), 'Whether it is over.') })),
      'The newest candle of each series.',
    ),
  }),
);

export const candlesAnswer = z.union([candlePage, candlePages, latestCandles]);
