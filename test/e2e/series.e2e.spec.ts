import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess, type Answer } from '../support/service-process.js';

const COUNT = 3000;

let service: ServiceProcess;
let start: number;
let series: SeriesBody;

/** Status and code of a refusal. */
function problemOf({ status, headers, body, text }: Answer): unknown[] {
  return headers.get('content-type')?.startsWith('application/problem+json') ? [status, body.code] : [text];
}

beforeAll(async () => {
  start = Math.floor(Date.now() / MINUTE) * MINUTE - COUNT * MINUTE;
  service = await ServiceProcess.start({
    environment: {
      CRYPTOFLOW_MARKETS: 'simulator:BTC/*@1m simulator:NONE/USDT@1m',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
    },
  });
  series = await service.poll('/api/v1/series', ({ body }) =>
    (body.series as SeriesBody[]).find(
      ({ symbol, count, first }) => symbol === 'BTC/USDT' && count >= COUNT && first === start,
    ),
  );
});

describe('/api/v1/series', () => {
  it('lists what is kept, wildcards resolved, with its extent, count and lag', async () => {
    const answer = await service.get('/api/v1/series');
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['series']);
    const listed = answer.body.series as SeriesBody[];
    expect(listed.map(({ symbol }) => symbol).toSorted()).toEqual(['BTC/EUR', 'BTC/USDT', 'NONE/USDT']);
    for (const it of listed) {
      expect(Object.keys(it)).toEqual([
        'id',
        'exchange',
        'symbol',
        'interval',
        'first',
        'last',
        'count',
        'lag',
        'completeness',
        'missing',
        'gaps',
        'revisions',
        'quarantined',
        'state',
      ]);
      expect(it).toMatchObject({ exchange: 'simulator', interval: '1m' });
    }
    const { first, last, count, lag } = listed.find(({ symbol }) => symbol === 'BTC/USDT')!;
    expect([first, count]).toEqual([start, (last! - start) / MINUTE + 1]);
    expect(listed.find(({ symbol }) => symbol === 'BTC/USDT')).toMatchObject({
      completeness: 1,
      missing: 0,
      gaps: 0,
      revisions: 0,
    });
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(Math.abs(Date.now() - last! - MINUTE - lag!)).toBeLessThan(5000);
    expect(listed.find(({ symbol }) => symbol === 'NONE/USDT')).toMatchObject({
      first: null,
      last: null,
      count: 0,
      lag: null,
      revisions: 0,
    });
  });

  it('answers one of them, and its coverage', async () => {
    const one = await service.get(`/api/v1/series/${series.id}`);
    expect(one.status).toBe(200);
    expect(one.body).toMatchObject({ id: series.id, symbol: 'BTC/USDT', first: start });

    const { body } = await service.get(`/api/v1/series/${series.id}/coverage`);
    expect(body.coverage).toEqual([{ from: start, to: expect.any(Number), state: 'have' }]);
    expect(body.coverage[0].to).toBe(body.last + MINUTE);
  });

  it('answers the revisions of its candles: none here', async () => {
    const { status, body } = await service.get(`/api/v1/series/${series.id}/revisions?limit=5`);
    expect(status).toBe(200);
    const { id, exchange, symbol, interval } = series;
    expect(body).toEqual({ id, exchange, symbol, interval, total: 0, revisions: [], next: null });
    for (const query of ['before=x', 'before=5', 'limit=0', 'limit=10001']) {
      const answer = await service.get(`/api/v1/series/${series.id}/revisions?${query}`);
      expect(problemOf(answer), query).toEqual([400, 'INVALID_PARAMETER']);
    }
  });

  it('refuses what it does not know', async () => {
    for (const tail of ['', '/coverage', '/revisions']) {
      expect(problemOf(await service.get(`/api/v1/series/987654${tail}`))).toEqual([404, 'SERIES_NOT_KEPT']);
      for (const id of ['x', '-1', '1.5', '0x1', '%20']) {
        expect(problemOf(await service.get(`/api/v1/series/${id}${tail}`))).toEqual([
          400,
          'INVALID_PARAMETER',
        ]);
      }
      expect(problemOf(await service.get(`/api/v1/series/${series.id}${tail}?page=2`))).toEqual([
        400,
        'UNKNOWN_PARAMETER',
      ]);
    }
    expect(problemOf(await service.get('/api/v1/series?limit=1'))).toEqual([400, 'UNKNOWN_PARAMETER']);
  });
});
