import { z } from 'zod';
import { INTERVALS, isInterval } from '../../common/interval.js';
import { parseTime } from '../../common/time.js';
import { CANDLE_COLUMNS } from './columns.js';

/** Candles per page. */
const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 1000;
/** Symbols per request. */
const MAX_SYMBOLS = 100;

/** Nothing opens farther from 1970 than this, in milliseconds, and months can still be reckoned there. */
const MAX_TIME = 4e15;

/** Unix ms or ISO 8601, as Unix ms. */
export const timeSchema = z.string().transform((text, context) => {
  try {
    return Math.max(-MAX_TIME, Math.min(MAX_TIME, parseTime(text)));
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

export const intervalSchema = z
  .string()
  .refine(isInterval, { error: `unknown interval: one of ${INTERVALS.join(', ')}` });

const WHOLE = `expected a whole number from 1 to ${MAX_LIMIT}`;
const isLimit = (text: string) => /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIMIT;

/** How many rows a page may have. */
export const limitSchema = z
  .string()
  .refine(isLimit, { error: WHOLE })
  .transform(Number)
  .prefault(String(DEFAULT_LIMIT));

/** The same, or all that there are. */
const limitOrAll = z
  .string()
  .refine((text) => text === 'all' || isLimit(text), { error: `${WHOLE}, or all` })
  .transform((text) => (text === 'all' ? ('all' as const) : Number(text)))
  .prefault(String(DEFAULT_LIMIT));

/** Names that stand one after the other, with commas. */
export function list<T extends string>(item: z.ZodType<T>, max: number, what: string) {
  return z.string().transform((text, context): T[] => {
    const parts = text.split(',').map((part) => part.trim());
    const found = parts.map((part) => item.safeParse(part));
    const bad = found.findIndex(({ success }) => !success);
    if (bad >= 0 || parts.length > max || new Set(parts).size < parts.length) {
      const message = `expected up to ${max} different ${what}, with commas between them`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    return found.map(({ data }) => data as T);
  });
}

export const nameSchema = z.string().min(1).max(100);

const FORMATS = ['json', 'csv', 'ndjson', 'arrow'] as const;
export type AnswerFormat = (typeof FORMATS)[number];

/** `GET /api/v1/candles`. */
export const candlesQuerySchema = z
  .strictObject({
    exchange: nameSchema.optional(),
    symbol: list(nameSchema, MAX_SYMBOLS, 'symbols').optional(),
    interval: intervalSchema.optional(),
    from: timeSchema.optional(),
    to: timeSchema.optional(),
    at: z.enum(['latest']).optional(),
    limit: limitOrAll,
    order: z.enum(['asc', 'desc']).default('asc'),
    fill: z.enum(['none', 'flat']).default('none'),
    closed: z.enum(['true', 'false']).default('true'),
    columns: list(z.enum(CANDLE_COLUMNS), CANDLE_COLUMNS.length, 'columns').optional(),
    format: z.enum(FORMATS).optional(),
    numbers: z.enum(['double', 'decimal']).default('double'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    error: 'from is after to',
  })
  .superRefine((query, context) => {
    const problem = (parameter: string, message: string) =>
      context.addIssue({ code: 'custom', path: [parameter], message });
    if (query.at === 'latest') {
      for (const other of ['from', 'to', 'columns'] as const) {
        if (query[other] !== undefined) problem(other, 'means nothing beside at=latest');
      }
      if (query.limit !== DEFAULT_LIMIT) problem('limit', 'means nothing beside at=latest');
      if (query.order !== 'asc') problem('order', 'means nothing beside at=latest');
      if (query.fill !== 'none') problem('fill', 'means nothing beside at=latest');
      return;
    }
    for (const required of ['exchange', 'symbol', 'interval'] as const) {
      if (query[required] === undefined) problem(required, 'is required');
    }
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
