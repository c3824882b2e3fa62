import { z } from 'zod';
import { intervalSchema, nameSchema, timeSchema } from './candles.schemas.js';

/** `GET /api/v1/series`: only those that match all that is given. */
export const seriesQuerySchema = z.strictObject({
  exchange: nameSchema.optional(),
  symbol: nameSchema.optional(),
  interval: intervalSchema.optional(),
  state: z.enum(['active', 'paused', 'delisted']).optional(),
});

export type SeriesQuery = z.infer<typeof seriesQuerySchema>;

/** Unix ms, or ISO 8601. */
const bodyTime = z.union([timeSchema, z.number().int().transform(String).pipe(timeSchema)]);

/** `POST /api/v1/series`. */
export const createSeriesSchema = z.strictObject({
  exchange: z.string().regex(/^[a-z0-9_]{1,40}$/, { error: 'expected the id of an exchange, as in binance' }),
  symbol: z
    .string()
    .max(60)
    .regex(/^[^\s/:*,"'\\#]+\/[^\s/:*,"'\\#]+(?::[^\s/*,"'\\#]+)?$/u, {
      error: 'expected BASE/QUOTE, or BASE/QUOTE:SETTLE',
    }),
  interval: intervalSchema,
  from: bodyTime.optional(),
});

export type CreateSeries = z.infer<typeof createSeriesSchema>;

/** `POST /api/v1/series/{id}/backfill`. */
export const backfillSchema = z.strictObject({ from: bodyTime.optional() }).optional();

export type Backfill = z.infer<typeof backfillSchema>;

/** `DELETE /api/v1/series/{id}`. */
export const deleteSeriesSchema = z.strictObject({ confirm: z.string().max(200).optional() });

export type DeleteSeries = z.infer<typeof deleteSeriesSchema>;
