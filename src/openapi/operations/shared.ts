import { z } from 'zod';
import { emptyQuerySchema, seriesPathSchema } from '../../candles/rest/candles.schemas.js';
import { INTERVALS } from '../../common/interval.js';
import type { Content, Note, RequestPart } from '../operation.js';

export const JSON_TYPE = 'application/json';

export function json(schema: z.ZodType, example: unknown): Content[] {
  return [{ type: JSON_TYPE, schema, example }];
}

export const exchangeNote: Note = { description: "ccxt's id of the exchange.", examples: ['binance'] };
export const symbolNote: Note = { description: "ccxt's symbol.", examples: ['BTC/USDT', 'BTC/USDT:USDT'] };
export const intervalNote: Note = { description: 'How long a candle lasts.', enum: INTERVALS };

export const seriesPath: RequestPart = {
  schema: seriesPathSchema,
  notes: { id: { description: 'Number of the series, as `GET /api/v1/series` tells it.' } },
};

/** Whatever is sent is refused. */
export const noQuery: RequestPart = { schema: emptyQuerySchema, notes: {} };

/** What may be made of an answer that was had before. */
export const ifNoneMatch: RequestPart = {
  schema: z.object({ 'If-None-Match': z.string().optional() }),
  notes: { 'If-None-Match': { description: '`ETag` of the answer that is had: 304 where it still holds.' } },
};
