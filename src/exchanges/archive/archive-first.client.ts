import { fitsIntoFiles } from '../../archives/archive-name.js';
import type { Candle } from '../../candles/candle.js';
import type { RejectedCandle } from '../../candles/soundness.js';
import type { Clock } from '../../common/clock.js';
import { countOpenTimes, firstOpenTimeFrom, stepOpenTime, type Interval } from '../../common/interval.js';
import { ExchangeClient, type CandlePage, type CandleRequest, type Market } from '../exchange-client.js';
import type { ArchiveFile } from './archive-file.js';
import type { CandleArchive } from './candle-archive.js';

/** What is younger comes from the API: the archive is a day late, and candles may still change. */
const MIN_AGE_MS = 3 * 86_400_000;

/** What the archive has of a page. */
interface ArchivePage {
  /** Null where it does not hold the whole page. */
  readonly page: CandlePage | null;
  /** What it holds that is no candle. */
  readonly rejected: readonly RejectedCandle[];
}

const NOTHING: ArchivePage = { page: null, rejected: [] };

/**
 * Binance with its public archive before it: a page of old candles that the archive holds without a hole is answered from
 * there, everything else by the API. Of each file the first page, and then one in fifty, is compared with the API's; where
 * they differ, the API is right, and the file is not used any more.
 */
export class ArchiveFirstClient extends ExchangeClient {
  readonly id: string;
  readonly concurrency: number;

  constructor(
    private readonly api: ExchangeClient,
    private readonly archive: CandleArchive,
    private readonly clock: Clock,
  ) {
    super();
    this.id = api.id;
    this.concurrency = api.concurrency;
  }

  markets(signal?: AbortSignal): Promise<readonly Market[]> {
    return this.api.markets(signal);
  }

  pageSize(symbol: string, interval: Interval): number {
    return this.api.pageSize(symbol, interval);
  }

  async fetchCandles(request: CandleRequest): Promise<CandlePage> {
    request.signal?.throwIfAborted();
    const { page, rejected } = await this.fromArchive(request);
    const given = page ?? (await this.api.fetchCandles(request));
    return rejected.length > 0 ? { ...given, rejected: [...(given.rejected ?? []), ...rejected] } : given;
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.archive.close();
  }

  private async fromArchive(request: CandleRequest): Promise<ArchivePage> {
    const { symbol, interval, signal } = request;
    const market = spotMarket(symbol);
    if (market === null || !fitsIntoFiles(interval) || request.to > this.clock.now() - MIN_AGE_MS)
      return NOTHING;
    const from = firstOpenTimeFrom(interval, request.from);
    if (from >= request.to) return NOTHING;
    const file = await this.archive.fileWith(market, interval, from, signal);
    if (!file) return NOTHING;

    const pageEnd = stepOpenTime(interval, from, this.pageSize(symbol, interval));
    const to = firstOpenTimeFrom(interval, Math.min(request.to, file.window.to, pageEnd));
    const candles = await file.read(from, to).catch(() => []); // somebody has removed it
    signal?.throwIfAborted();
    const rejected = file.rejectedIn(from, to);
    if (candles.length < countOpenTimes(interval, from, to)) return { page: null, rejected };
    const better = file.isCheckDue ? await this.compare({ ...request, from, to }, candles, file) : null;
    if (better) return { page: better, rejected };
    this.archive.events.note({ kind: 'page', candles: candles.length });
    // Backfill goes backwards: this was the last page of it.
    if (from <= file.window.from) await this.archive.drop(file);
    return { page: { closed: candles, forming: null }, rejected };
  }

  /** @returns the API's page where it says something else */
  private async compare(
    request: CandleRequest,
    candles: readonly Candle[],
    file: ArchiveFile,
  ): Promise<CandlePage | null> {
    try {
      const page = await this.api.fetchCandles(request);
      file.checked();
      return (await this.archive.isContradicted(file, candles, page.closed)) ? page : null;
    } catch {
      request.signal?.throwIfAborted();
      file.postponeCheck();
      return null;
    }
  }
}

/** `BTC/USDT` is `BTCUSDT` there; null for what is not traded on the spot. */
function spotMarket(symbol: string): string | null {
  return /^[^/:]+\/[^/:]+$/.test(symbol) ? symbol.replace('/', '') : null;
}
