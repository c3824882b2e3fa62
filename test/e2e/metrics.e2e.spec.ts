import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ServiceProcess } from '../support/service-process.js';
import { readMetrics, type Metrics } from '../support/metrics.js';

const LANES = ['live', 'locks', 'backfill', 'maintenance'];
const JOBS = ['sync', 'backfill', 'repair', 'settlement', 'housekeeping', 'retention', 'rollup-check'];
const RULES = 'deploy/prometheus/cryptoflow.rules.yml';

async function metricsOf(service: ServiceProcess): Promise<Metrics> {
  const answer = await service.get('/metrics');
  expect(answer.status).toBe(200);
  return readMetrics(answer.text);
}

describe('/metrics', () => {
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({
      environment: { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m', CRYPTOFLOW_BACKFILL: '2h' },
    });
  });

  it('tells every lock figure from the start, at 0 where nothing has happened', async () => {
    const answer = await service.get('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');

    const { value, samples } = readMetrics(answer.text);
    for (const op of ['begin', 'open', 'checkpoint', 'unexpected']) {
      expect(value('cryptoflow_sqlite_busy_total', { op }), op).toBeGreaterThanOrEqual(0);
    }
    expect(value('cryptoflow_sqlite_busy_total', { op: 'unexpected' })).toBe(0);
    expect(value('cryptoflow_sqlite_lock_timeouts_total')).toBe(0);
    for (const lane of LANES) {
      expect(value('cryptoflow_sqlite_write_wait_seconds_count', { lane }), lane).toBeGreaterThanOrEqual(0);
      expect(value('cryptoflow_sqlite_write_hold_seconds_count', { lane }), lane).toBeGreaterThanOrEqual(0);
      expect(value('cryptoflow_sqlite_write_queue_depth', { lane }), lane).toBeGreaterThanOrEqual(0);
    }
    for (const mode of ['PASSIVE', 'RESTART', 'TRUNCATE']) {
      expect(value('cryptoflow_sqlite_checkpoint_duration_seconds_count', { mode, result: 'busy' })).toBe(0);
    }
    for (const job of ['series', 'collector']) {
      for (const counter of ['attempts', 'acquired', 'contended', 'lost', 'takeovers']) {
        expect(value(`cryptoflow_lock_${counter}_total`, { job }), counter).toBeGreaterThanOrEqual(0);
      }
      expect(value('cryptoflow_lock_hold_seconds_count', { job })).toBe(0);
      expect(value('cryptoflow_fenced_writes_rejected_total', { job })).toBe(0);
    }
    for (const gauge of [
      'sqlite_oldest_task_seconds',
      'sqlite_oldest_reader_seconds',
      'sqlite_wal_frames',
      'sqlite_writer_holder_pid',
    ]) {
      expect(value(`cryptoflow_${gauge}`), gauge).toBeGreaterThanOrEqual(0);
    }
    expect(value('cryptoflow_clock_skew_seconds')).toBe(0);
    for (const job of JOBS) expect(value('cryptoflow_job_slot_skipped_total', { job }), job).toBe(0);
    expect(value('cryptoflow_sqlite_writer_state', { state: 'ok' })).toBe(1);
    expect(value('cryptoflow_eventloop_lag_seconds', { quantile: '0.99' })).toBeGreaterThanOrEqual(0);
    expect(samples.some(({ name }) => name === 'process_resident_memory_bytes')).toBe(true);
  });

  it('follows what happens: leases, writes, requests, how fresh the data are', async () => {
    await service.poll('/api/v1/series', ({ body }) => body.series[0]?.count > 0);
    await service.get('/nothing/of/the/kind');
    const metrics = await metricsOf(service);
    const { value } = metrics;

    expect(value('cryptoflow_lock_acquired_total', { job: 'series' })).toBe(1);
    expect(value('cryptoflow_lock_fence', { lock: 'series:1' })).toBe(1);
    expect(value('cryptoflow_lock_remaining_seconds', { lock: 'series:1' })).toBeGreaterThan(10);
    expect(value('cryptoflow_sqlite_write_hold_seconds_count', { lane: 'live' })).toBeGreaterThan(0);
    expect(value('cryptoflow_sqlite_write_wait_seconds_count', { lane: 'live' })).toBeGreaterThan(0);
    const series = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' };
    expect(value('cryptoflow_series_lag_seconds', series)).toBeLessThan(120);
    expect(value('cryptoflow_series_completeness_ratio', series)).toBeGreaterThan(0);
    expect(value('cryptoflow_series_missing_candles', series)).toBeGreaterThanOrEqual(0);
    expect(value('cryptoflow_candle_revisions_total', series)).toBe(0);
    const requests = 'cryptoflow_http_request_duration_seconds_count';
    expect(value(requests, { method: 'GET', route: '/api/v1/series', status: '200' })).toBeGreaterThan(0);
    expect(value(requests, { method: 'GET', route: 'none', status: '404' })).toBe(1);
  });

  it('has in an API-only process what such a process has', async () => {
    const collector = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'collector' } });
    await collector.event('service.ready');
    const { directory } = collector;
    const api = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'api' }, directory });
    await api.event('service.ready');
    const { value, samples } = await metricsOf(api);
    expect(value('cryptoflow_sqlite_lock_timeouts_total')).toBe(0);
    expect(samples.filter(({ name }) => /_write_|_lock_fence/.test(name))).toEqual([]);
    expect((await metricsOf(collector)).value('cryptoflow_sqlite_lock_timeouts_total')).toBe(0);
  });

  it('asks for an API key where the API does', async () => {
    const closed = await ServiceProcess.start({ environment: { CRYPTOFLOW_API_KEYS: 'scrape-me' } });
    expect((await closed.get('/metrics')).status).toBe(401);
    expect((await closed.get('/metrics', { authorization: 'Bearer scrape-me' })).status).toBe(200);
  });

  it('has every figure that the alert rules ask for', async () => {
    await service.poll('/api/v1/series', ({ body }) => body.series?.[0]?.count > 0);
    const asked = new Set(readFileSync(RULES, 'utf8').match(/cryptoflow_\w+/g));
    expect(asked.size).toBeGreaterThan(10);
    const { samples } = await metricsOf(service);
    const told = new Set(samples.map(({ name }) => name));
    expect([...asked].filter((name) => !told.has(name))).toEqual([]);
  });
});
