import { DirectoryArchive } from '../../src/exchanges/archive/directory-archive.js';
import { openArchiveClient } from '../support/archive-client.js';
import { publish } from '../support/archive-files.js';
import { workDirectory } from '../support/at-end.js';
import { generateCandles } from '../support/candle-files.js';
import { exchangeClientContract } from './exchange-client.contract.js';

const DAY = 1440;

exchangeClientContract('binance with its archive before it', async () => {
  const oldest = Date.UTC(2024, 0, 1);
  const candles = generateCandles({ from: oldest, count: 6 * DAY + 10 });
  const base = workDirectory();
  for (const [index, date] of ['2024-01-01', '2024-01-02', '2024-01-03'].entries()) {
    const day = candles.slice(index * DAY, (index + 1) * DAY);
    await publish(base, { symbol: 'BTC/USDT', date, candles: day });
  }
  const now = candles.at(-1)!.openTime + 20_000;
  const { client, tearDown } = await openArchiveClient(new DirectoryArchive(base), candles, now);
  return { client, symbol: 'BTC/USDT', interval: '1m', oldest, now, tearDown };
});
