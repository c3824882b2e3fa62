import { expect, it } from 'vitest';
import { openCollecting } from '../../support/collecting.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { ScriptedExchange } from '../../support/fixtures/scripted-exchange.js';

const MINUTE = 60_000;
const NOON = Date.UTC(2024, 0, 8, 12);
const SINCE = NOON - 2 * 1440 * MINUTE;

it('a tick of any job that fell into a restart is made up for, once, when the series is taken up again', async () => {
  const clock = new ManualClock(NOON + 2000);
  const exchange = new ScriptedExchange(() => clock.now(), 500);
  const hole = NOON - 90 * MINUTE;
  exchange.has = (openTime) => openTime !== hole;
  const test = await openCollecting({ clock, client: exchange, symbol: 'A/B', since: SINCE });
  const runs = async () => {
    const rows = await test.reader.query<Array<{ name: string; slot: number }>>(
      `SELECT name, slot FROM job_run WHERE outcome = 'ok' ORDER BY slot`,
    );
    const minutesOf = (job: string) =>
      rows.filter(({ name }) => name.startsWith(job)).map(({ slot }) => (slot - NOON) / MINUTE);
    return Object.fromEntries(['sync', 'backfill', 'repair', 'settle'].map((job) => [job, minutesOf(job)]));
  };
  await test.start();
  await test.stop();
  expect(await runs()).toEqual({ sync: [0], backfill: [0], repair: [], settle: [] });

  // 12:04:15 of settlement, 12:05:45 of repair and 12:10:30 of backfill pass, and nobody is there.
  exchange.has = () => true;
  clock.advance(11 * MINUTE);
  await test.start();
  const made = { sync: [0, 11], backfill: [0, 10], repair: [10], settle: [0] };
  expect(await runs()).toEqual(made);
  expect(await test.summary()).toMatchObject({ missing: 0, count: (NOON - SINCE) / MINUTE + 11 });

  // The ticks of the same fire times, where they come all the same.
  await test.pass(0);
  expect(await runs()).toEqual(made);
});
