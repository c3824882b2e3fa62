import { z } from 'zod';
import { ALL_RESOLUTIONS, intervalOf } from './resolution.js';

/** Symbols of one request for quotes. */
const MAX_QUOTES = 200;
const MAX_FOUND = 1000;
/** The years 1 to 9999: what is earlier or later is taken for that, since it asks for all that there is. */
const [MIN_TIME, MAX_TIME] = [-62_135_596_800_000, 253_402_300_799_999];

/** Seconds as text, in Unix ms. A candle opens at a whole millisecond: from a part of one on means from the next. */
const seconds = z
  .string()
  .regex(/^[+-]?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/i, { error: 'expected Unix seconds' })
  .transform((text) => Math.min(Math.max(Math.ceil(Number(text) * 1000), MIN_TIME), MAX_TIME));

const symbol = z.string().min(1).max(200);

const resolution = z.string().transform((text, context) => {
  const interval = intervalOf(text);
  if (interval !== undefined) return interval;
  context.addIssue({ code: 'custom', message: `unknown resolution: one of ${ALL_RESOLUTIONS.join(' ')}` });
  return z.NEVER;
});

const count = (max: number) =>
  z
    .string()
    .regex(/^0*[1-9]\d{0,8}$/, { error: 'expected a whole number from 1 on' })
    .transform((text) => Math.min(Number(text), max));

// Parameters that are not named here are passed over everywhere: the adapter sends some, as `currencyCode`, that other
// servers know.

/** `GET /udf/symbols`. */
export const symbolSchema = z.object({ symbol });
export type SymbolRequest = z.infer<typeof symbolSchema>;

/** `GET /udf/symbol_info`. */
export const groupSchema = z.object({ group: z.string().min(1).max(100) });
export type GroupRequest = z.infer<typeof groupSchema>;

/** `GET /udf/search`. */
export const searchSchema = z.object({
  query: z.string().max(200).default(''),
  type: z.string().max(100).default(''),
  exchange: z.string().max(100).default(''),
  limit: count(MAX_FOUND).prefault('30'),
});
export type SearchRequest = z.infer<typeof searchSchema>;

/** Bars of one answer. */
export const MAX_BARS = 50_000;

/** `GET /udf/history`. */
export const historySchema = z
  .object({
    symbol,
    resolution,
    from: seconds.optional(),
    to: seconds,
    countback: count(MAX_BARS).optional(),
  })
  .refine(({ from, countback }) => from !== undefined || countback !== undefined, {
    path: ['from'],
    error: 'expected Unix seconds, or a countback',
  });
export type HistoryRequest = z.infer<typeof historySchema>;

/** `GET /udf/marks` and `/udf/timescale_marks`. */
export const marksSchema = z.object({ symbol, resolution, from: seconds, to: seconds });
export type MarksRequest = z.infer<typeof marksSchema>;

/** `GET /udf/quotes`. */
export const quotesSchema = z.object({
  symbols: z
    .string()
    .max(20_000)
    .transform((text) => text.split(',').filter((name) => name.trim() !== ''))
    .refine((names) => names.length > 0 && names.length <= MAX_QUOTES, {
      error: `expected 1 to ${MAX_QUOTES} symbols, with commas between them`,
    }),
});
export type QuotesRequest = z.infer<typeof quotesSchema>;
