import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { MINUTE } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const API_KEYS = ['first-key-Qm7Zt2', 'second/key+Wx9=='];
const SECRETS = {
  apiKey: 'exchange-key-Hd83kq',
  secret: 'exchange-secret-Lr55/+vn',
  password: 'pass phrase Zu61',
  user: 'proxyuser-Kp20',
  userPassword: 'proxypass-Bn77',
  header: 'header-token-Ge14',
};
const URL_USER = `${SECRETS.user}:${SECRETS.userPassword}`;
/** Each secret as it is and in the forms in which it travels. */
const FORBIDDEN = [...API_KEYS, ...Object.values(SECRETS), Buffer.from(URL_USER).toString('base64')].flatMap(
  (secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)],
);
const BEARER = { authorization: `Bearer ${API_KEYS[0]}` };
const CANDLES = '/api/v1/candles?exchange=binance&symbol=BTC/USDT&interval=1m';

function expectNoSecret(text: string, where: string): void {
  for (const secret of FORBIDDEN) {
    const at = text.indexOf(secret);
    if (at >= 0) expect.fail(`${secret} stands in ${where}: ${text.slice(Math.max(0, at - 200), at + 200)}`);
  }
}

describe('secrets of the configuration', () => {
  let service: ServiceProcess;
  let server: BinanceServer;

  beforeAll(async () => {
    const end = Math.floor(Date.now() / MINUTE) * MINUTE;
    const candles = generateCandles({ from: end - 50 * MINUTE, count: 50 });
    server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles }] });
    atEnd(() => server.close());
    // What an exchange or a proxy may say back: the credentials that it was sent, in a page, in an error, in half an
    // answer. Short, so that they stand in the message before it is cut.
    const echo = Object.values(SECRETS).join(' ');
    const faults = [
      { status: 500, body: `<p>${echo}</p>` },
      { status: 401, body: JSON.stringify({ code: -2015, msg: echo }) },
      'truncated',
      'reset',
    ] as const;
    let turn = 0;
    server.fault = () => faults[turn++ % faults.length];

    const credentials = {
      apiKey: SECRETS.apiKey,
      secret: SECRETS.secret,
      password: SECRETS.password,
      headers: { 'X-Custom': SECRETS.header },
      // So that the errors follow each other fast.
      enableRateLimit: false,
    };
    const unreachable = {
      api: { public: `http://${URL_USER}@127.0.0.1:9/0/public`, rest: `http://${URL_USER}@127.0.0.1:9` },
    };
    const binance = server.exchangeOptions().binance;
    service = await ServiceProcess.start({
      environment: {
        LOG_LEVEL: 'trace',
        CRYPTOFLOW_API_KEYS: API_KEYS.join(','),
        CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m binance:*/EUR@1m kraken:BTC/USD@1m simulator:BTC/USDT@1m',
        CRYPTOFLOW_BACKFILL: '1h',
        CRYPTOFLOW_EXCHANGES: JSON.stringify({
          // With credentials, ccxt signs some requests for the markets.
          binance: { ...binance, ...credentials, urls: { api: { public: server.url, sapi: server.url } } },
          kraken: { ...credentials, urls: unreachable },
        }),
      },
    });
  });

  it('stand in no line of the log and in no answer, whatever goes wrong', async () => {
    const failures = () => service.events('collector.task.failed').map(({ exchange }) => exchange);
    await service.until('several kinds of errors of both exchanges', () => {
      const binance = [
        ...failures(),
        ...service.events('collector.markets.failed').map((line) => line['exchange']),
      ];
      return (
        binance.filter((exchange) => exchange === 'binance').length >= 4 && failures().includes('kraken')
      );
    });

    const bearers: Array<Record<string, string>> = [
      BEARER,
      { 'x-api-key': API_KEYS[1]! },
      { 'x-api-key': 'wrong' },
      {},
    ];
    const paths = [
      '/api/health',
      '/api/health/live',
      '/api/health/ready',
      '/api/health/startup',
      '/api/v1/series',
      '/api/v1/series/1',
      '/api/v1/series/1/coverage',
      CANDLES,
      `${CANDLES}&limit=0`,
      '/nothing',
      '/',
      '/docs',
      '/docs/openapi.json',
      '/metrics',
      '/udf/config',
      '/binance/api/v3/exchangeInfo',
    ];
    for (const path of paths) {
      for (const headers of bearers) {
        const { text, headers: answered } = await service.get(path, headers);
        expectNoSecret(text, path);
        expectNoSecret(JSON.stringify([...answered]), `headers of ${path}`);
      }
    }
    const health = await service.get('/api/health', BEARER);
    expect(health.body.details.collector.failing).toBeGreaterThanOrEqual(2);

    await service.stop('SIGINT');
    expectNoSecret(service.output, 'the output');
    // They were there to be blotted out.
    expect(service.output).toContain('[redacted] [redacted]');
  });
});

describe('a bad environment', () => {
  it('is refused without its secrets', async () => {
    const refused = ServiceProcess.spawn({
      environment: {
        LOG_LEVEL: 'trace',
        DATABASE_URL: `postgres://${URL_USER}@db.example/cryptoflow`,
        DATABASE_READER_URL: `mysql://${URL_USER}@db.example/cryptoflow`,
        CRYPTOFLOW_API_KEYS: API_KEYS.join(','),
        CRYPTOFLOW_EXCHANGES: `{"binance":{"apiKey":"${SECRETS.apiKey}","secret":"${SECRETS.secret}"`,
        CRYPTOFLOW_LEASE_TTL: SECRETS.password,
        CRYPTOFLOW_BACKFILL: SECRETS.header,
      },
    });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.stderr).toContain('CRYPTOFLOW_EXCHANGES');
    expectNoSecret(refused.output, 'the output');
  });
});

describe('CRYPTOFLOW_API_KEYS', () => {
  it('asks for one of them, and leaves the probes open', async () => {
    const service = await ServiceProcess.start({ environment: { CRYPTOFLOW_API_KEYS: API_KEYS.join(' ') } });
    await service.event('service.ready');
    for (const path of [
      '/api/v1/series',
      '/api/v1/series/1',
      CANDLES.replace('binance', 'simulator'),
      '/api/health',
    ]) {
      const wrong = [
        {},
        { authorization: 'Bearer wrong' },
        { 'x-api-key': '' },
        { authorization: `Basic ${API_KEYS[0]}` },
      ];
      for (const headers of wrong) {
        const answer = await service.get(path, headers as Record<string, string>);
        expect([answer.status, answer.body?.code], `${path} ${JSON.stringify(headers)}`).toEqual([
          401,
          'UNAUTHENTICATED',
        ]);
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
      for (const key of API_KEYS) {
        expect((await service.get(path, { authorization: `Bearer ${key}` })).status).toBe(200);
        expect((await service.get(path, { 'x-api-key': key })).status).toBe(200);
      }
    }
    for (const probe of ['live', 'ready', 'startup']) {
      expect((await service.get(`/api/health/${probe}`)).status).toBe(200);
    }
    for (const trick of [
      '/api/v1/series?x=/api/health/live',
      '/api/health/live/../../v1/series',
      '/api/health/liveness',
    ]) {
      expect((await service.get(trick)).status).not.toBe(200);
    }
  });
});
