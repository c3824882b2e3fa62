import { CryptoFlowError } from '../common/errors.js';
import { joinApiKeys, type ApiKeys } from './api-keys.js';
import type { ArchiveLocation } from './archive-location.js';
import type { SqliteTarget } from './database-url.js';
import {
  environmentSchema,
  type BackfillStart,
  type ExchangeOptions,
  type Role,
} from './environment.schema.js';
import { defaultRateLimit, isLoopback, type HttpOptions } from './http-options.js';
import type { MarketSelector } from './market-selector.js';
import type { Retention } from './retention.js';

export class InvalidConfigError extends CryptoFlowError {
  /** @param problems one per bad variable, by name, without its value */
  constructor(readonly problems: readonly string[]) {
    super(
      'INVALID_CONFIG',
      `the environment is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  }
}

export interface AlertOptions {
  /** Where alerts are posted, or null. A secret: whoever has it can post there. */
  readonly webhook: string | null;
  /** Lock timeouts within an hour that are let pass without an alert. */
  readonly lockTimeouts: number;
}

/** What the environment asks for: typed, complete, frozen. Read once; injected by this class. */
export class Config {
  private constructor(
    readonly host: string,
    readonly port: number,
    readonly database: SqliteTarget,
    readonly readers: number,
    /** Threads that SQLite's calls run on. */
    readonly threads: number,
    readonly role: Role,
    readonly markets: readonly MarketSelector[],
    readonly backfill: BackfillStart,
    /** What is removed when it is old: nothing unless configured. */
    readonly retention: Retention,
    /** Whether forming candles come from the streams of exchanges that have one, or are only asked for. */
    readonly live: 'auto' | 'poll',
    readonly leaseTtlMs: number,
    readonly exchanges: ExchangeOptions,
    /** The API keys that were given in plain: kept only so that they can be blotted out. */
    readonly apiKeys: readonly string[],
    readonly alerts: AlertOptions,
    readonly logLevel: string,
    readonly logFormat: 'pretty' | 'json',
    /** Variables that begin like ours and mean nothing: most likely misspelt. */
    readonly unknownVariables: readonly string[],
    /** Where Binance's archive is, or null: asked before its API. */
    readonly archive: ArchiveLocation | null,
    readonly http: HttpOptions,
  ) {
    Object.freeze(this);
  }

  /**
   * @param environment usually `process.env`; an empty variable counts as not set
   * @throws InvalidConfigError that lists every bad variable
   */
  static from(environment: NodeJS.ProcessEnv, { terminal = false } = {}): Config {
    const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
    const result = environmentSchema.safeParse(given);
    if (!result.success) {
      throw new InvalidConfigError(
        result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
      );
    }
    const read = result.data;
    if (read.DATABASE_READER_URL && read.DATABASE_READER_URL.file !== read.DATABASE_URL.file) {
      throw new InvalidConfigError(['DATABASE_READER_URL: on SQLite, readers use the file of DATABASE_URL']);
    }
    const { keys, plain } = keysOf(read.CRYPTOFLOW_API_KEYS, read.CRYPTOFLOW_API_KEYS_FILE);
    const loopback = isLoopback(read.HOST);
    return new Config(
      read.HOST,
      read.PORT,
      read.DATABASE_URL,
      read.DATABASE_READERS,
      read.UV_THREADPOOL_SIZE,
      read.CRYPTOFLOW_ROLE,
      read.CRYPTOFLOW_MARKETS,
      read.CRYPTOFLOW_BACKFILL,
      read.CRYPTOFLOW_RETENTION,
      read.CRYPTOFLOW_LIVE,
      read.CRYPTOFLOW_LEASE_TTL,
      read.CRYPTOFLOW_EXCHANGES,
      plain,
      {
        webhook: read.CRYPTOFLOW_ALERT_WEBHOOK ?? null,
        lockTimeouts: read.CRYPTOFLOW_ALERT_LOCK_TIMEOUTS,
      },
      read.LOG_LEVEL,
      read.LOG_FORMAT ?? (terminal ? 'pretty' : 'json'),
      Object.keys(given).filter(
        (name) => name.startsWith('CRYPTOFLOW_') && !(name in environmentSchema.shape),
      ),
      read.CRYPTOFLOW_ARCHIVE ?? null,
      {
        keys,
        loopback,
        rateLimit:
          read.CRYPTOFLOW_RATE_LIMIT === undefined
            ? defaultRateLimit({ loopback, keys })
            : read.CRYPTOFLOW_RATE_LIMIT,
        trustProxy: read.CRYPTOFLOW_TRUST_PROXY,
        cors: read.CRYPTOFLOW_CORS_ORIGINS,
        requestTimeoutMs: read.CRYPTOFLOW_REQUEST_TIMEOUT,
      },
    );
  }
}

/** @throws InvalidConfigError */
function keysOf(...given: ReadonlyArray<ApiKeys | undefined>): ApiKeys {
  try {
    return joinApiKeys(given.filter((keys) => keys !== undefined));
  } catch (error) {
    throw new InvalidConfigError([`CRYPTOFLOW_API_KEYS_FILE: ${(error as Error).message}`]);
  }
}
