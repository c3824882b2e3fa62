import { describe, expect, it } from 'vitest';
import { Config, InvalidConfigError } from '../../../src/config/config.js';
import { environmentSchema } from '../../../src/config/environment.schema.js';

const DAY = 86_400_000;

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    Config.from(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfigError);
    return (error as InvalidConfigError).problems;
  }
  return [];
}

const names = (problems: readonly string[]) => problems.map((problem) => problem.split(':')[0]);

describe('without any variable', () => {
  it('everything has its default', () => {
    const simulated = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'DOGE/USDT'];
    expect(Config.from({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      database: { kind: 'sqlite', file: 'data/cryptoflow.db' },
      readers: 4,
      threads: 4,
      role: 'all',
      markets: simulated.map((symbol) => ({ exchange: 'simulator', symbol, intervals: ['1m'] })),
      backfill: { spanMs: 30 * DAY },
      leaseTtlMs: 30_000,
      exchanges: {},
      apiKeys: [],
      alerts: { webhook: null, lockTimeouts: 0 },
      http: {
        keys: [],
        loopback: true,
        rateLimit: null,
        trustProxy: false,
        cors: { any: true, listed: [] },
        requestTimeoutMs: 10_000,
      },
      logLevel: 'info',
      logFormat: 'json',
      unknownVariables: [],
    });
  });

  it('the log is pretty on a terminal, unless told otherwise', () => {
    expect(Config.from({}, { terminal: true }).logFormat).toBe('pretty');
    expect(Config.from({ LOG_FORMAT: 'json' }, { terminal: true }).logFormat).toBe('json');
    expect(Config.from({ LOG_FORMAT: 'pretty' }).logFormat).toBe('pretty');
  });

  it('an empty variable counts as not set', () => {
    const empty = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, '']));
    expect(Config.from(empty)).toEqual(Config.from({}));
  });
});

describe('good values', () => {
  it('are read', () => {
    const config = Config.from({
      HOST: '0.0.0.0',
      PORT: '0',
      DATABASE_URL: 'sqlite:/var/lib/cryptoflow/history.db',
      DATABASE_READER_URL: 'sqlite:/var/lib/cryptoflow/history.db',
      DATABASE_READERS: '8',
      CRYPTOFLOW_ROLE: 'collector',
      CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m',
      CRYPTOFLOW_LEASE_TTL: '300ms',
      CRYPTOFLOW_EXCHANGES: '{"binance":{"apiKey":"k","options":{"defaultType":"spot"}}}',
      CRYPTOFLOW_API_KEYS: 'first, second\nthird ,,',
      CRYPTOFLOW_ALERT_WEBHOOK: 'https://hooks.example/T0/B0',
      CRYPTOFLOW_ALERT_LOCK_TIMEOUTS: '2',
      UV_THREADPOOL_SIZE: '16',
      LOG_LEVEL: 'silent',
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      database: { file: '/var/lib/cryptoflow/history.db' },
      readers: 8,
      role: 'collector',
      leaseTtlMs: 300,
      exchanges: { binance: { apiKey: 'k', options: { defaultType: 'spot' } } },
      apiKeys: ['first', 'second', 'third'],
      alerts: { webhook: 'https://hooks.example/T0/B0', lockTimeouts: 2 },
      threads: 16,
      logLevel: 'silent',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it.each([
    ['7d', { spanMs: 7 * DAY }],
    ['12h', { spanMs: DAY / 2 }],
    ['2024-01-31', { since: Date.UTC(2024, 0, 31) }],
    ['2024-01-31T12:00:00+02:00', { since: Date.UTC(2024, 0, 31, 10) }],
  ])('backfill %s', (text, backfill) => {
    expect(Config.from({ CRYPTOFLOW_BACKFILL: text }).backfill).toEqual(backfill);
  });

  it.each([
    ['sqlite:relative/path.db', 'relative/path.db'],
    ['sqlite:/absolute/path.db', '/absolute/path.db'],
    ['sqlite:///absolute/path.db', '/absolute/path.db'],
    ['sqlite:with spaces #1.db', 'with spaces #1.db'],
  ])('DATABASE_URL %s', (url, file) => {
    expect(Config.from({ DATABASE_URL: url }).database.file).toBe(file);
  });
});

/** Each variable with values that will not do. All hold the word `hunter2`, or are too short to hold anything. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  PORT: ['hunter2', '65536', '-1', '1.5', '0x10', ' 80', '1e3'],
  DATABASE_URL: [
    'postgres://user:hunter2@host/db',
    'mysql://hunter2',
    'hunter2.db',
    'sqlite:',
    'sqlite::memory:',
    'sqlite:file:hunter2',
    'sqlite:a.db?password=hunter2',
  ],
  DATABASE_READER_URL: ['hunter2', 'sqlite:hunter2.db', 'postgres://user:hunter2@host/db'],
  DATABASE_READERS: ['0', '65', 'hunter2'],
  CRYPTOFLOW_ROLE: ['hunter2', 'ALL'],
  CRYPTOFLOW_MARKETS: [
    ' ',
    'hunter2',
    'binance:hunter2',
    'binance:BTC/USDT@hunter2',
    'binance:BTC/USDT@1m,hunter2',
    'binance:BTC/USDT@1m hunter2',
  ],
  CRYPTOFLOW_BACKFILL: ['hunter2', '30', '-30d', '2024-02-30', 'forever'],
  CRYPTOFLOW_LEASE_TTL: ['hunter2', '30', '299ms', '0s'],
  CRYPTOFLOW_EXCHANGES: [
    'hunter2',
    '{"binance":{"secret":"hunter2"}',
    '["hunter2"]',
    '{"binance":"hunter2"}',
    '1',
  ],
  CRYPTOFLOW_API_KEYS: ['sha256:hunter2', 'hunter2=all', 'hunter2=read+', 'hunter2 hunter2', ' '],
  CRYPTOFLOW_API_KEYS_FILE: ['/nothing/hunter2', '/'],
  CRYPTOFLOW_RATE_LIMIT: ['hunter2', '600', '0/1m', '600/1'],
  CRYPTOFLOW_TRUST_PROXY: ['hunter2', '10.0.0.0/33', ' '],
  CRYPTOFLOW_CORS_ORIGINS: ['hunter2', 'https://hunter2/path'],
  CRYPTOFLOW_REQUEST_TIMEOUT: ['hunter2', '99ms', '10'],
  CRYPTOFLOW_ALERT_WEBHOOK: ['hunter2', 'ftp://hunter2', '/hunter2'],
  CRYPTOFLOW_ALERT_LOCK_TIMEOUTS: ['-1', 'hunter2', '1.5'],
  UV_THREADPOOL_SIZE: ['0', '1025', 'hunter2'],
  LOG_LEVEL: ['hunter2', 'INFO'],
  LOG_FORMAT: ['hunter2'],
};

describe('bad values', () => {
  it.each(Object.entries(BAD).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    '%s = %j is refused by name, without the value',
    (name, value) => {
      const problems = problemsOf({ [name]: value });
      expect(names(problems)).toEqual([name]);
      expect(problems.join('\n')).not.toContain('hunter2');
    },
  );

  it('are listed all at once', () => {
    const { DATABASE_READER_URL: _, ...others } = BAD;
    const environment = Object.fromEntries(Object.entries(others).map(([name, [value]]) => [name, value]));
    expect(new Set(names(problemsOf(environment)))).toEqual(new Set(Object.keys(others)));
    expect(() => Config.from(environment)).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG' }) as Error,
    );
  });

  it('of a list of markets are found by their place in it', () => {
    const [problem] = problemsOf({ CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m kraken:ETH/USD' });
    expect(problem).toMatch(/^CRYPTOFLOW_MARKETS: entry 2: expected exchange:SYMBOL@interval/);
  });
});

describe('unknown variables', () => {
  it('that begin like ours are named, and nothing else is', () => {
    const environment = {
      CRYPTOFLOW_BACKFIL: '30d',
      CRYPTOFLOW_ROLE: 'api',
      PATH: '/bin',
      DATABASE_URI: 'a',
    };
    expect(Config.from(environment).unknownVariables).toEqual(['CRYPTOFLOW_BACKFIL']);
  });
});
