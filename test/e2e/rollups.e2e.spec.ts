import { beforeAll, describe, expect, it } from 'vitest';
import { candlesPath, MINUTE, readAllPages, readPage, type SeriesBody } from '../support/service-data.js';
import { modelRollups } from '../support/rollup-model.js';
import { ServiceProcess } from '../support/service-process.js';

const HOUR = 60 * MINUTE;
const BTC = { exchange: 'simulator', symbol: 'BTC/USDT' };

let service: ServiceProcess;
/** First minute of the history: 20 minutes into an hour, so that the first candles lack something. */
let start: number;

beforeAll(async () => {
  start = Math.floor(Date.now() / HOUR) * HOUR - 50 * HOUR + 20 * MINUTE;
  service = await ServiceProcess.start({
    environment: {
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m simulator:BTC/EUR@1h',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
    },
  });
  await service.poll('/api/v1/series', ({ body }) =>
    (body.series as SeriesBody[]).some(
      ({ interval, first, last, count }) =>
        interval === '1m' && first === start && count === (last! - first) / MINUTE + 1,
    ),
  );
});

const ask = (query: Record<string, string | number>) => service.get(candlesPath({ ...BTC, ...query }));

describe('an interval that nobody collects', () => {
  it.each(['3m', '15m', '1h', '4h', '12h'] as const)('is answered to the digit: %s', async (interval) => {
    const to = Date.now() - 10 * MINUTE;
    const query = { ...BTC, interval: '1m', from: start, to, limit: 1000 };
    const { candles } = await readAllPages(service, query);
    const expected = modelRollups(candles, [interval]).filter((row) => row.open_time < to - 12 * HOUR);
    const answer = await ask({ interval, from: start - 24 * HOUR, to: to - 12 * HOUR });
    expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    expect(Object.keys(answer.body)).toEqual([
      'exchange',
      'symbol',
      'interval',
      'candles',
      'next',
      'partial',
    ]);
    expect(answer.body).toMatchObject({ ...BTC, interval, next: null });
    expect(readPage(answer.text).candles).toEqual(
      expected.map(({ open_time: openTime, open, high, low, close, volume }) => ({
        openTime,
        open,
        high,
        low,
        close,
        volume,
      })),
    );
    const whole = (row: { minutes: number }) => row.minutes === expected.at(-1)!.minutes;
    expect(answer.body.partial).toEqual(
      expected.filter((row) => !whole(row)).map(({ open_time }) => open_time),
    );
  });

  it('is answered as CSV with the number of candles that lack something', async () => {
    const answer = await ask({ interval: '1h', format: 'csv', from: start - HOUR, limit: 2 });
    const [head, ...lines] = answer.text.trimEnd().split('\n');
    expect(head).toBe('open_time,open,high,low,close,volume');
    expect(lines).toHaveLength(2);
    expect(answer.headers.get('x-partial')).toBe('1');
    expect(answer.headers.get('x-next')).toBe(String(start - 20 * MINUTE + 2 * HOUR));
  });

  it('ends with the candle that is still open when asked to', async () => {
    await service.poll(candlesPath({ ...BTC, interval: '1d', closed: 'false', limit: 1 }), ({ body }) => {
      const [[openTime]] = body.candles as [[number]];
      return openTime === Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR;
    });
    const { body } = await ask({ interval: '1d', limit: 1 });
    expect((body.candles as [[number]])[0][0]).toBeLessThan(Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR);
  });

  it('is not kept where nothing shorter is collected', async () => {
    const answer = await ask({ symbol: 'BTC/EUR', interval: '30m' });
    expect([answer.status, answer.body.code]).toEqual([404, 'INTERVAL_NOT_KEPT']);
  });

  it('has figures in /metrics', async () => {
    const { text } = await service.get('/metrics');
    expect(text).toMatch(/^cryptoflow_rollup_unbuilt_series 0$/m);
  });
});
