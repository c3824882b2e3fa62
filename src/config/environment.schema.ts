import { z } from 'zod';
import { parseDuration, parseTime } from '../common/time.js';
import { parseApiKeys, readApiKeys } from './api-keys.js';
import { parseArchiveLocation } from './archive-location.js';
import { parseDatabaseUrl } from './database-url.js';
import { parseCorsOrigins, parseRateLimit, parseTrustedProxies } from './http-options.js';
import { parseMarkets } from './market-selector.js';
import { Retention } from './retention.js';

const DEFAULT_MARKETS =
  'simulator:BTC/USDT@1m simulator:ETH/USDT@1m simulator:SOL/USDT@1m simulator:DOGE/USDT@1m';

/** Turns a throwing parser into a schema: its message, and never the value, becomes the issue. */
function parsed<T>(parse: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}

function integer(min: number, max: number) {
  return parsed((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new Error(`expected a whole number from ${min} to ${max}`);
    }
    return value;
  });
}

function duration(minMs: number) {
  return parsed((text) => {
    const ms = parseDuration(text);
    if (ms < minMs) throw new Error(`expected at least ${minMs} ms`);
    return ms;
  });
}

/** How far back history goes: a span before now, or a fixed start. */
export type BackfillStart = { readonly spanMs: number } | { readonly since: number };

function parseBackfill(text: string): BackfillStart {
  try {
    return { spanMs: parseDuration(text) };
  } catch {
    try {
      return { since: parseDate(text) };
    } catch {
      throw new Error('expected a duration such as 30d, or an ISO 8601 date');
    }
  }
}

/** No bare number: as Unix milliseconds it would mean 1970, when most likely a unit was forgotten. */
function parseDate(text: string): number {
  return parseTime(/^\s*-?\d+\s*$/.test(text) ? '' : text);
}

const exchangeOptions = z.record(z.string(), z.record(z.string(), z.unknown()));

export type ExchangeOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function parseExchangeOptions(text: string): ExchangeOptions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('not valid JSON'); // without the parser's message: it quotes the text, which may hold secrets
  }
  const result = exchangeOptions.safeParse(value);
  if (!result.success) throw new Error('expected a JSON object: exchange id → object of constructor options');
  return result.data;
}

function parseWebhook(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Error('expected an http or https URL'); // without the text: a webhook's address is a secret
  }
  return url.href;
}

/** The one description of the environment: every variable, its default and its type. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: integer(0, 65_535).prefault('3000'),
  DATABASE_URL: parsed(parseDatabaseUrl).prefault('sqlite:data/cryptoflow.db'),
  DATABASE_READER_URL: parsed(parseDatabaseUrl).optional(),
  DATABASE_READERS: integer(1, 64).prefault('4'),
  CRYPTOFLOW_ROLE: z.enum(['all', 'api', 'collector']).default('all'),
  CRYPTOFLOW_MARKETS: parsed(parseMarkets).prefault(DEFAULT_MARKETS),
  CRYPTOFLOW_BACKFILL: parsed(parseBackfill).prefault('30d'),
  CRYPTOFLOW_RETENTION: parsed((text) => Retention.parse(text)).prefault(''),
  CRYPTOFLOW_LIVE: z.enum(['auto', 'poll']).default('auto'),
  CRYPTOFLOW_LEASE_TTL: duration(300).prefault('30s'),
  CRYPTOFLOW_EXCHANGES: parsed(parseExchangeOptions).prefault('{}'),
  CRYPTOFLOW_ARCHIVE: parsed(parseArchiveLocation).optional(),
  CRYPTOFLOW_API_KEYS: parsed(parseApiKeys).optional(),
  CRYPTOFLOW_API_KEYS_FILE: parsed(readApiKeys).optional(),
  CRYPTOFLOW_RATE_LIMIT: parsed(parseRateLimit).optional(),
  CRYPTOFLOW_TRUST_PROXY: parsed(parseTrustedProxies).prefault('false'),
  CRYPTOFLOW_CORS_ORIGINS: parsed(parseCorsOrigins).prefault('*'),
  CRYPTOFLOW_REQUEST_TIMEOUT: duration(100).prefault('10s'),
  CRYPTOFLOW_ALERT_WEBHOOK: parsed(parseWebhook).optional(),
  CRYPTOFLOW_ALERT_LOCK_TIMEOUTS: integer(0, 1_000_000).prefault('0'),
  /** Read by libuv itself, before anything of ours: `bin/cryptoflow.cjs` sets it. */
  UV_THREADPOOL_SIZE: integer(1, 1024).prefault('4'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
});

export type Role = z.infer<typeof environmentSchema>['CRYPTOFLOW_ROLE'];
