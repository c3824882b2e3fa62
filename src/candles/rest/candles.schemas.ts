import { z } from 'zod';
import { INTERVALS, isInterval } from '../../common/interval.js';
import { parseTime } from '../../common/time.js';

/** Candles per request. */
const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 1000;

const time = z.string().transform((text, context) => {
  try {
    return parseTime(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const interval = z.string().refine(isInterval, { error: `unknown interval: one of ${INTERVALS.join(', ')}` });

const limit = z
  .string()
  .regex(/^\d{1,6}$/, { error: `expected a whole number from 1 to ${MAX_LIMIT}` })
  .transform(Number)
  .refine((value) => value >= 1 && value <= MAX_LIMIT, {
    error: `expected a whole number from 1 to ${MAX_LIMIT}`,
  });

/** How many rows a page may have. */
export const limitSchema = limit.prefault(String(DEFAULT_LIMIT));

/** `GET /api/v1/candles`. */
export const candlesQuerySchema = z
  .strictObject({
    exchange: z.string().min(1).max(100),
    symbol: z.string().min(1).max(100),
    interval,
    from: time.optional(),
    to: time.optional(),
    limit: limitSchema,
    order: z.enum(['asc', 'desc']).default('asc'),
    fill: z.enum(['none']).default('none'),
    closed: z.enum(['true', 'false']).default('true'),
    format: z.enum(['json', 'csv']).default('json'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    error: 'from is after to',
  });

export type CandlesQuery = z.infer<typeof candlesQuerySchema>;

/** Rows in quarantine per request. */
const MAX_ROWS = 1000;

/** `GET /api/v1/series/{id}/quarantine`. */
export const quarantineQuerySchema = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'expected the number of a row' })
    .transform(Number)
    .optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, { error: `expected a whole number from 1 to ${MAX_ROWS}` })
    .transform(Number)
    .refine((value) => value >= 1 && value <= MAX_ROWS, {
      error: `expected a whole number from 1 to ${MAX_ROWS}`,
    })
    .prefault('100'),
});

export type QuarantineQuery = z.infer<typeof quarantineQuerySchema>;

/** A query that takes no parameters. */
export const emptyQuerySchema = z.strictObject({});

/** The path of one series. */
export const seriesPathSchema = z.strictObject({
  id: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'expected the number of a series' })
    .transform(Number),
});

export type SeriesPath = z.infer<typeof seriesPathSchema>;
