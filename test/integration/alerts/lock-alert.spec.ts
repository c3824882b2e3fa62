import { describe, expect, it, onTestFinished } from 'vitest';
import { LockAlert } from '../../../src/alerts/lock-alert.js';
import { Config } from '../../../src/config/config.js';
import { LockStatistics } from '../../../src/database/lock-statistics.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { RecordingLog } from '../../support/fixtures/recording-log.js';
import { until } from '../../support/fixtures/until.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';

const MINUTE = 60_000;
const SECRET_PATH = '/services/T0/B0/token-Yz81';

async function start(environment: Record<string, string> = {}) {
  const receiver = await WebhookReceiver.start(SECRET_PATH);
  const clock = new ManualClock();
  const log = new RecordingLog();
  const statistics = new LockStatistics(clock);
  const config = Config.from({ CRYPTOFLOW_ALERT_WEBHOOK: receiver.url, ...environment });
  const alert = new LockAlert(statistics, config, clock, log);
  alert.onApplicationBootstrap();
  onTestFinished(() => alert.beforeApplicationShutdown());
  const timeout = () => statistics.record({ kind: 'timeout' });
  const logged = () => log.named('alert.lock_timeouts');
  return { receiver, clock, log, timeout, logged, alert };
}

describe('the alert on lock timeouts', () => {
  it('is raised by the first, once, and cleared an hour after the last', async () => {
    const { receiver, clock, timeout, logged } = await start();
    clock.advance(10 * MINUTE);
    expect(logged()).toEqual([]);
    timeout();
    await until(() => receiver.bodies.length === 1);
    clock.advance(30 * MINUTE);
    timeout();
    clock.advance(59 * MINUTE);
    expect(logged()).toHaveLength(1);
    clock.advance(2 * MINUTE);
    await until(() => receiver.bodies.length === 2);

    expect(logged()).toMatchObject([
      { state: 'firing', timeoutsLastHour: 1 },
      { state: 'resolved', timeoutsLastHour: 0 },
    ]);
    const common = { alert: 'lock_timeouts', threshold: 0, pid: process.pid, writerPid: null };
    expect(receiver.bodies).toMatchObject([
      { ...common, state: 'firing', timeoutsLastHour: 1, at: '2024-01-01T00:10:00.000Z' },
      { ...common, state: 'resolved', timeoutsLastHour: 0 },
    ]);
    expect(receiver.bodies[0].text).toContain('lock timeouts in the last hour: 1');
  });

  it('lets as many pass as the threshold says', async () => {
    const { timeout, receiver } = await start({ CRYPTOFLOW_ALERT_LOCK_TIMEOUTS: '2' });
    timeout();
    timeout();
    timeout();
    await until(() => receiver.bodies.length === 1);
    expect(receiver.bodies[0]).toMatchObject({ state: 'firing', timeoutsLastHour: 3, threshold: 2 });
  });

  it('is posted again until it is taken, the states in their order, and no log tells the address', async () => {
    const { receiver, clock, timeout, log } = await start();
    receiver.refuse = 3;
    timeout();
    clock.advance(61 * MINUTE); // cleared while the first is still being sent
    await until(() => {
      clock.advance(MINUTE);
      return receiver.bodies.length === 5;
    });
    expect(receiver.bodies.map(({ state }) => state)).toEqual([
      'firing',
      'firing',
      'firing',
      'firing',
      'resolved',
    ]);
    expect(log.named('alert.webhook.failed')).toMatchObject([
      { attempt: 1, problem: 'HTTP 500', givenUp: false },
      { attempt: 2 },
      { attempt: 3 },
    ]);
    expect(JSON.stringify(log.events)).not.toContain(SECRET_PATH);
  });

  it('gives a message up after its last attempt, says so, and goes on with the next', async () => {
    const { receiver, clock, timeout, log } = await start();
    receiver.refuse = 8;
    timeout();
    await until(() => {
      clock.advance(MINUTE);
      return log.named('alert.webhook.failed').some(({ givenUp }) => givenUp === true);
    });
    await until(() => {
      clock.advance(MINUTE);
      return receiver.bodies.at(-1).state === 'resolved';
    });
    expect(receiver.bodies).toHaveLength(9);
  });

  it('is logged without a webhook as well', async () => {
    const { timeout, logged } = await start({ CRYPTOFLOW_ALERT_WEBHOOK: '' });
    timeout();
    await until(() => logged().length === 1);
    expect(logged()).toMatchObject([{ state: 'firing' }]);
  });

  it('stops its attempts with the process', async () => {
    const { receiver, timeout, clock, alert, log } = await start();
    receiver.refuse = 100;
    timeout();
    await until(() => log.named('alert.webhook.failed').length === 1);
    alert.beforeApplicationShutdown();
    clock.advance(10 * MINUTE);
    timeout();
    expect(receiver.bodies).toHaveLength(1);
    expect(log.named('alert.lock_timeouts')).toHaveLength(1);
  });
});
