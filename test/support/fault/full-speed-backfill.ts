import type { INestApplicationContext } from '@nestjs/common';
import { CandleStore } from '../../../src/candles/candle-store.js';
import { LockService } from '../../../src/locks/lock.service.js';
import { generateCandles } from '../candle-files.js';
import { MINUTE } from '../service-data.js';

const PAGE = 1000;
const NEWEST = Date.UTC(2026, 0, 1);

/** Commits page after page as fast as the database takes them, without an exchange that would slow it down. */
export async function backfillAtFullSpeed(
  app: INestApplicationContext,
): Promise<{ stop(): Promise<number> }> {
  const store = app.get(CandleStore, { strict: false });
  const locks = app.get(LockService, { strict: false });
  const series = await store.ensureSeries('full-speed', 'A/B', '1m');
  const lease = (await locks.acquire('full-speed'))!;
  const candles = generateCandles({ from: 0, count: PAGE });
  let pages = 0;
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      pages += 1;
      const from = NEWEST - pages * PAGE * MINUTE;
      const page = candles.map((candle) => ({ ...candle, openTime: from + candle.openTime }));
      const spans = [{ from, to: from + PAGE * MINUTE, state: 'have' as const }];
      await store.commit(lease, { series, candles: page, spans }, { lane: 'backfill' });
    }
    await locks.release(lease);
  };
  const running = run();
  return {
    /** @returns how many candles were stored */
    stop: async () => {
      stop.abort();
      await running;
      return pages * PAGE;
    },
  };
}
