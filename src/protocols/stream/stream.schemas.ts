import { z } from 'zod';
import { LIVE_KINDS } from '../../candles/live/live-event.js';
import { intervalSchema, list, nameSchema } from '../../candles/rest/candles.schemas.js';
import { INTERVALS } from '../../common/interval.js';

/** `GET /api/v1/stream`. */
export const streamQuerySchema = z.strictObject({
  exchange: nameSchema.optional(),
  symbol: list(nameSchema, 1000, 'symbols').optional(),
  interval: list(intervalSchema, INTERVALS.length, 'intervals').optional(),
  events: list(z.enum(LIVE_KINDS), LIVE_KINDS.length, 'kinds of events').optional(),
});

export type StreamQuery = z.infer<typeof streamQuerySchema>;
