import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { at, having } from '../support/binance/misdeeds.js';
import { generateCandles } from '../support/candle-files.js';
import { readMetrics } from '../support/metrics.js';
import { candlesPath, MINUTE, readAllPages, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

describe('a service whose exchange sends nonsense', () => {
  let service: ServiceProcess;
  let candles: Candle[];
  let one: number;
  let other: number;

  beforeAll(async () => {
    const end = Math.floor(Date.now() / MINUTE) * MINUTE;
    candles = generateCandles({ from: end - 120 * MINUTE, count: 120 });
    const server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles }] });
    atEnd(() => server.close());
    [one, other] = [candles[30]!.openTime, candles[31]!.openTime];
    server.misbehave(at(one), having('volume', '-3'));
    server.misbehave(at(other), having('close', 'NaN'));
    service = await ServiceProcess.start({
      environment: {
        CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m simulator:BTC/USDT@1m',
        CRYPTOFLOW_BACKFILL: new Date(candles[0]!.openTime).toISOString(),
        CRYPTOFLOW_EXCHANGES: server.urls(),
      },
    });
  });

  it('serves all that is sound, and shows what is not: in the API, the metrics, the log', async () => {
    const id = await service.poll('/api/v1/series', ({ body }) => {
      const series = (body.series as SeriesBody[]).find(({ exchange }) => exchange === 'binance');
      return series?.count === 118 && series.quarantined === 2 && series.id;
    });

    const query = { exchange: 'binance', symbol: 'BTC/USDT', interval: '1m' };
    const read = await readAllPages(service, { ...query, from: candles[0]!.openTime, limit: 50 });
    expect(read.candles).toEqual(candles.filter(({ openTime }) => openTime !== one && openTime !== other));

    const path = `/api/v1/series/${id}/quarantine`;
    const { body } = await service.get(path);
    expect(Object.keys(body)).toEqual([
      'id',
      'exchange',
      'symbol',
      'interval',
      'quarantined',
      'rejections',
      'rows',
      'next',
    ]);
    expect(body).toMatchObject({ id, ...query, quarantined: 2, rejections: 2, next: null });
    expect(body.rows).toMatchObject([
      { openTime: other, reason: 'figure_unreadable', times: 1, resolved: false },
      { openTime: one, reason: 'volume_negative', times: 1, resolved: false },
    ]);
    expect(JSON.parse(body.rows[1].payload)[5]).toBe('-3');
    const first = (await service.get(`${path}?limit=1`)).body;
    expect(first.rows).toEqual(body.rows.slice(0, 1));
    const second = (await service.get(`${path}?limit=1&before=${first.next}`)).body;
    expect([second.rows, second.next]).toEqual([body.rows.slice(1), null]);

    const { value } = readMetrics((await service.get('/metrics')).text);
    const counted = (reason: string) =>
      value('cryptoflow_candles_quarantined_total', { exchange: 'binance', reason });
    expect([counted('volume_negative'), counted('figure_unreadable'), counted('off_grid')]).toEqual([
      1, 1, 0,
    ]);
    expect(service.events('collector.candles.rejected')).toMatchObject([{ rows: 2, symbol: 'BTC/USDT' }]);

    const { body: coverage } = await service.get(`/api/v1/series/${id}/coverage`);
    expect(coverage.coverage).toContainEqual(
      expect.objectContaining({ from: one, to: other + MINUTE, state: 'missing' }),
    );
    expect((await service.get(candlesPath({ ...query, limit: 1 }))).status).toBe(200);
  });

  it('refuses requests that make no sense', async () => {
    const id = await service.poll('/api/v1/series', ({ body }) => {
      return (body.series as SeriesBody[]).find(({ exchange }) => exchange === 'simulator')?.id;
    });
    const codeOf = async (path: string) => {
      const { status, body } = await service.get(`/api/v1/series/${path}`);
      return [status, body.code];
    };
    expect(await codeOf('98765/quarantine')).toEqual([404, 'SERIES_NOT_KEPT']);
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'before=-1', 'before=soon']) {
      expect(await codeOf(`${id}/quarantine?${query}`), query).toEqual([400, 'INVALID_PARAMETER']);
    }
    expect(await codeOf(`${id}/quarantine?page=2`)).toEqual([400, 'UNKNOWN_PARAMETER']);
    expect((await service.get(`/api/v1/series/${id}/quarantine`)).body).toMatchObject({
      rows: [],
      next: null,
    });
  });
});
