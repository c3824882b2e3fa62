import { expect, it } from 'vitest';
import { SqliteConnection } from '../../src/database/sqlite/sqlite-connection.js';
import { atEnd } from '../support/at-end.js';
import { readMetrics } from '../support/metrics.js';
import { ServiceProcess } from '../support/service-process.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

it('tells of a foreign program that sits on the write lock: by pid, by figures, by webhook; and goes on when it is gone', async () => {
  const receiver = await WebhookReceiver.start('/services/T0/B0/token-Yz81');
  receiver.refuse = 1;
  const service = await ServiceProcess.start({
    environment: {
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m',
      CRYPTOFLOW_BACKFILL: '1h',
      CRYPTOFLOW_ALERT_WEBHOOK: receiver.url,
    },
  });
  await service.poll('/api/v1/series', ({ body }) => body.series[0]?.count > 0);
  const foreign = await SqliteConnection.open(service.database, 'rw');
  atEnd(() => foreign.close());
  await foreign.run('BEGIN IMMEDIATE');

  await service.poll('/metrics', ({ text }) => {
    return readMetrics(text).value('cryptoflow_sqlite_writer_holder_pid') === process.pid;
  });
  const alert = await service.event('alert.lock_timeouts');
  expect(alert).toMatchObject({ state: 'firing', timeoutsLastHour: 1, threshold: 0 });
  await service.until('the webhook, after it was refused once', () => receiver.bodies.length === 2);
  expect(receiver.bodies[1]).toMatchObject({
    alert: 'lock_timeouts',
    state: 'firing',
    pid: service.pid,
    writerPid: process.pid,
  });
  const { value } = readMetrics((await service.get('/metrics')).text);
  expect(value('cryptoflow_sqlite_lock_timeouts_total')).toBeGreaterThanOrEqual(1);
  expect(value('cryptoflow_sqlite_busy_total', { op: 'begin' })).toBeGreaterThan(100);
  const { body } = await service.get('/api/health');
  expect(body.details.locks).toMatchObject({ status: 'degraded' });
  expect(body.details.database.lockHolders.writer).toBe(process.pid);

  const written = () =>
    service
      .get('/metrics')
      .then(({ text }) =>
        readMetrics(text).value('cryptoflow_sqlite_write_hold_seconds_count', { lane: 'live' }),
      );
  const before = (await written())!;
  await foreign.run('ROLLBACK');
  await service.until('writing to go on', async () => (await written())! > before + 1);
  expect(service.output).not.toContain('token-Yz81');
}, 60_000);
