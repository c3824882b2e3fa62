import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_LINUX } from '../support/fault/proc.js';
import { MINUTE, readAllPages } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const DAYS = 240;
/** Time goes on while they come. */
const ENOUGH = DAYS * 1440 - 5;
const SYMBOL = 'BTC/USDT';
/** What any amount of history may add to what the process has when it is ready. */
const MAX_GROWTH_MB = 100;

/** Starts a process, and watches how its memory grows from when it is ready. */
async function startWatched(environment: Record<string, string>, directory?: string) {
  const service = await ServiceProcess.start({ environment, ...(directory && { directory }) });
  await service.event('service.ready');
  const memory = () => {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'));
    return Number(match![1]) / 1024;
  };
  const ready = memory();
  let peak = ready;
  const look = () => void (peak = Math.max(peak, memory()));
  const growth = (what: string) => {
    console.log(`${what}: ${Math.round(ready)} MB when ready, ${Math.round(peak)} MB at most`);
    return peak - ready;
  };
  return { service, look, growth };
}

describe.skipIf(NO_LINUX)('30 GB of memory for candles (freqtrade 5578, 4449)', () => {
  it(`${DAYS} days of minutes, backfilled and read back, add less than ${MAX_GROWTH_MB} MB to a process that is ready`, async () => {
    const backfill = await startWatched({
      CRYPTOFLOW_MARKETS: `simulator:${SYMBOL}@1m`,
      CRYPTOFLOW_BACKFILL: `${DAYS}d`,
    });
    const { directory } = backfill.service;
    const more = (than: number) =>
      backfill.service.poll('/api/v1/series', ({ body }) => {
        backfill.look();
        const count = (body.series[0]?.count ?? 0) as number;
        return count > than && count;
      });
    // However long it takes: as long as candles come, it goes on.
    for (let count = 0; count < ENOUGH; count = await more(count));
    expect(backfill.growth('backfill')).toBeLessThan(MAX_GROWTH_MB);
    await backfill.service.stop();

    const reading = await startWatched({ CRYPTOFLOW_ROLE: 'api' }, directory);
    const from = Date.now() - DAYS * 1440 * MINUTE;
    const query = { exchange: 'simulator', symbol: SYMBOL, interval: '1m', limit: 10_000, from };
    const { candles } = await readAllPages(reading.service, query);
    reading.look();
    expect(candles.length).toBeGreaterThanOrEqual(ENOUGH);
    expect(reading.growth('reading')).toBeLessThan(MAX_GROWTH_MB);
  }, 600_000);
});
