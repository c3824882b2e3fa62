import { z } from 'zod';
import { isInterval } from '../../common/interval.js';
import { CODE, INVALID_INTERVAL, type BinanceCode } from './refusal.js';
import { ID_PATTERN } from './symbol-id.js';

/** Candles per request. Who asks for more gets so many. */
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = '500';
/** Nothing is looked for after this time: beyond it, calendars end. */
const LATEST = 8_000_000_000_000_000;
const MINUTE = 60_000;

/** What a check of a schema says in Binance's words. */
const says = (number: BinanceCode, error: string) => ({ error, params: { number } });

const symbol = z.string().regex(ID_PATTERN);

const symbols = z
  .string()
  .regex(/^\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\]$/)
  .transform((text) => JSON.parse(text) as string[])
  .refine((ids) => ids.length > 0, says(CODE.empty, "Parameter 'symbols' was empty."))
  .refine(
    (ids) => new Set(ids).size === ids.length,
    says(CODE.duplicate, 'Duplicate values for a parameter detected.'),
  );

const whole = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .transform(Number);

const time = whole.transform((value) => Math.min(value, LATEST));

/** Milliseconds that the zone is ahead of UTC: of `8`, `-1:00`, `05:45`. A plus sign may have arrived as a space. */
const timeZone = z
  .string()
  .refine((text) => offsetOf(text) !== null, {
    ...says(CODE.invalid, "Data sent for parameter 'timeZone' is not valid."),
  })
  .transform((text) => offsetOf(text) ?? 0);

const flag = z.enum(['true', 'false', 'TRUE', 'FALSE']).transform((text) => text.toLowerCase() === 'true');
const symbolStatus = z.enum(['TRADING', 'HALT', 'BREAK']).optional();

const onlyOne = (query: { symbol?: string | undefined; symbols?: string[] | undefined }) =>
  query.symbol === undefined || query.symbols === undefined;
const BAD_COMBINATION = says(CODE.badCombination, 'Combination of optional parameters invalid.');

/** A query that takes no parameters. */
export const nothingSchema = z.strictObject({});

/** `exchangeInfo`. What asks for permissions is taken and not looked at: all that is kept is for everybody. */
export const exchangeInfoSchema = z
  .strictObject({
    symbol: symbol.optional(),
    symbols: symbols.optional(),
    permissions: z.string().max(1000).optional(),
    showPermissionSets: flag.optional(),
    symbolStatus,
  })
  .refine(onlyOne, BAD_COMBINATION);

export type ExchangeInfoQuery = z.infer<typeof exchangeInfoSchema>;

/** `klines` and `uiKlines`. */
export const klinesSchema = z.strictObject({
  symbol,
  interval: z.string().refine(isInterval, says(CODE.badInterval, INVALID_INTERVAL)),
  startTime: time.optional(),
  endTime: time.optional(),
  timeZone: timeZone.prefault('0'),
  limit: whole
    .refine((value) => value > 0, says(CODE.invalid, "Data sent for parameter 'limit' is not valid."))
    .transform((value) => Math.min(value, MAX_LIMIT))
    .prefault(DEFAULT_LIMIT),
});

export type KlinesQuery = z.infer<typeof klinesSchema>;

const someSymbols = { symbol: symbol.optional(), symbols: symbols.optional(), symbolStatus };

/** `ticker/24hr`. */
export const dayTickerSchema = z
  .strictObject({ ...someSymbols, type: z.enum(['FULL', 'MINI']).default('FULL') })
  .refine(onlyOne, BAD_COMBINATION);

export type DayTickerQuery = z.infer<typeof dayTickerSchema>;

/** `ticker/price` and `ticker/bookTicker`. */
export const priceTickerSchema = z.strictObject(someSymbols).refine(onlyOne, BAD_COMBINATION);

export type PriceTickerQuery = z.infer<typeof priceTickerSchema>;

/** `avgPrice`. */
export const averageSchema = z.strictObject({ symbol });

export type AverageQuery = z.infer<typeof averageSchema>;

function offsetOf(text: string): number | null {
  const [, sign, hours, minutes = '0'] = /^([+ -]?)(\d{1,2})(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return offset >= -12 * 60 && offset <= 14 * 60 ? offset * MINUTE + 0 : null;
}
