import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal, compareDecimals } from '../../src/common/decimal.js';
import { isOnGrid, openTimeAt, stepOpenTime, type Interval } from '../../src/common/interval.js';
import type { CandlePage, ExchangeClient } from '../../src/exchanges/exchange-client.js';

/** An exchange to put to the test: at least three pages of candles, if it has so many, and one that is forming. */
export interface ContractSubject {
  readonly client: ExchangeClient;
  readonly symbol: string;
  readonly interval: Interval;
  /** Open time of the oldest candle that the exchange has, Unix ms. */
  readonly oldest: number;
  /** What the client takes for the time now, Unix ms: inside a candle, not on its edge. */
  readonly now: number;
  /** Makes the exchange push an update of the candle that is open now: where it pushes candles at all. */
  stir?(): void;
  tearDown?(): Promise<void>;
}

/**
 * What every {@link ExchangeClient} must do. Call it in a spec of yours.
 *
 * @example exchangeClientContract('MyExchange', async () => ({ client: new MyExchange(…), symbol: 'BTC/USDT', … }))
 */
export function exchangeClientContract(name: string, setUp: () => Promise<ContractSubject>): void {
  describe(`ExchangeClient contract: ${name}`, () => {
    let subject: ContractSubject;
    let pageSize: number;

    const after = (openTime: number, steps: number) => stepOpenTime(subject.interval, openTime, steps);
    const fetch = (from: number, to: number, signal?: AbortSignal): Promise<CandlePage> =>
      subject.client.fetchCandles({ ...subject, from, to, signal });

    /** So many candles after the oldest; less where the exchange keeps less, as Kraken does. */
    const beforeNow = (steps: number) =>
      Math.min(after(subject.oldest, steps), openTimeAt(subject.interval, subject.now));

    async function readAll(from: number, to: number, window = Infinity): Promise<Candle[]> {
      const all: Candle[] = [];
      for (let at = from; at < to;) {
        const end = window === Infinity ? to : Math.min(to, after(at, window));
        const { closed } = await fetch(at, end);
        all.push(...closed);
        const last = closed.at(-1);
        if (last === undefined && window === Infinity) break;
        at = last === undefined ? end : after(last.openTime, 1);
      }
      return all;
    }

    beforeAll(async () => {
      subject = await setUp();
      await subject.client.markets();
      pageSize = subject.client.pageSize(subject.symbol, subject.interval);
    });

    afterAll(async () => {
      await subject.client.close();
      await subject.tearDown?.();
    });

    it('lists its markets, each once, with base and quote', async () => {
      const markets = await subject.client.markets();
      expect(markets.map(({ symbol }) => symbol)).toContain(subject.symbol);
      expect(new Set(markets.map(({ symbol }) => symbol)).size).toBe(markets.length);
      for (const { symbol, base, quote, active } of markets) {
        expect(symbol.split(/[/:]/).slice(0, 2)).toEqual([base, quote]);
        expect(active).toBeTypeOf('boolean');
      }
    });

    it('allows at least one request at once and one candle a page', () => {
      expect(subject.client.concurrency).toBeGreaterThanOrEqual(1);
      expect(Number.isSafeInteger(pageSize) && pageSize >= 1).toBe(true);
    });

    it('answers with candles in order, each once, on the grid and inside the window', async () => {
      const from = after(subject.oldest, 3);
      const to = after(from, 20);
      const { closed, forming } = await fetch(from, to);
      expect(forming).toBeNull();
      expect(closed.length).toBeGreaterThan(0);
      const times = closed.map(({ openTime }) => openTime);
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      for (const time of times) {
        expect(isOnGrid(subject.interval, time)).toBe(true);
        expect(time >= from && time < to).toBe(true);
      }
    });

    it('gives figures as canonical decimals, the low lowest and the high highest', async () => {
      const { closed } = await fetch(subject.oldest, after(subject.oldest, 50));
      for (const { open, high, low, close, volume } of closed) {
        for (const figure of [open, high, low, close, volume]) expect(canonicalDecimal(figure)).toBe(figure);
        for (const price of [open, close]) {
          expect(compareDecimals(low, price)).toBeLessThanOrEqual(0);
          expect(compareDecimals(price, high)).toBeLessThanOrEqual(0);
        }
        expect(compareDecimals(low, '0')).toBeGreaterThan(0);
        expect(compareDecimals(volume, '0')).toBeGreaterThanOrEqual(0);
      }
    });

    it('starts with the oldest candle of the window and gives no more than a page', async () => {
      const { closed, forming } = await fetch(subject.oldest, beforeNow(2 * pageSize));
      expect(closed[0]?.openTime).toBe(subject.oldest);
      expect(closed.length).toBeLessThanOrEqual(pageSize);
      expect(forming).toBeNull();
    });

    it('gives the same candles page by page as in small windows', async () => {
      const to = beforeNow(pageSize + Math.ceil(pageSize / 2));
      const byPage = await readAll(subject.oldest, to);
      expect(byPage.length).toBeGreaterThan(Math.min(2, pageSize));
      expect(await readAll(subject.oldest, to, Math.ceil(pageSize / 3))).toEqual(byPage);
    });

    it('keeps the forming candle apart from the closed ones', async () => {
      const open = openTimeAt(subject.interval, subject.now);
      const { closed, forming } = await fetch(after(open, -5), after(open, 5));
      expect(forming?.openTime).toBe(open);
      expect(closed.at(-1)?.openTime).toBe(after(open, -1));
      expect((await fetch(after(open, -5), open)).forming).toBeNull();
    });

    it('has nothing before its first candle and nothing in the future', async () => {
      const nothing = { closed: [], forming: null };
      expect(await fetch(after(subject.oldest, -20), subject.oldest)).toEqual(nothing);
      const future = after(openTimeAt(subject.interval, subject.now), 10);
      expect(await fetch(future, after(future, 10))).toEqual(nothing);
      expect(await fetch(subject.oldest, subject.oldest)).toEqual(nothing);
    });

    it('finds the first candle from a window that begins before it', async () => {
      const { closed } = await fetch(after(subject.oldest, -5), after(subject.oldest, 5));
      expect(closed[0]?.openTime).toBe(subject.oldest);
    });

    it('refuses an unknown symbol for good', async () => {
      const [from, to] = [subject.oldest, after(subject.oldest, 1)];
      await expect(
        subject.client.fetchCandles({ ...subject, symbol: 'NO/SUCH', from, to }),
      ).rejects.toMatchObject({ code: 'EXCHANGE_BAD_SYMBOL', retryable: false });
    });

    it('stops when the signal aborts, and throws its reason', async () => {
      const reason = new Error('enough');
      const [from, to] = [subject.oldest, after(subject.oldest, pageSize)];
      await expect(fetch(from, to, AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(subject.client.markets(AbortSignal.abort(reason))).rejects.toBe(reason);

      const controller = new AbortController();
      const pending = fetch(from, to, controller.signal);
      controller.abort(reason);
      await expect(pending).rejects.toBe(reason);
    });

    it('serves as many requests at once as it says', async () => {
      const windows = Array.from({ length: subject.client.concurrency }, (_, i) =>
        after(subject.oldest, i * 7),
      );
      const pages = await Promise.all(windows.map((from) => fetch(from, after(from, 7))));
      for (const [index, from] of windows.entries()) {
        expect(pages[index]).toEqual(await fetch(from, after(from, 7)));
      }
    });

    it('pushes the open candle, where it pushes candles at all', async () => {
      const { client, symbol, interval, now, stir } = subject;
      if (!client.watchCandles || !stir) return;
      const stop = new AbortController();
      const stirring = setInterval(stir, 20); // it may not have subscribed yet
      try {
        for await (const { candle, finished } of client.watchCandles({
          symbol,
          interval,
          signal: stop.signal,
        })) {
          const { openTime, open, high, low, close, volume } = candle;
          expect(openTime).toBe(openTimeAt(interval, now));
          for (const figure of [open, high, low, close, volume])
            expect(canonicalDecimal(figure)).toBe(figure);
          for (const price of [open, close]) {
            expect(compareDecimals(low, price)).toBeLessThanOrEqual(0);
            expect(compareDecimals(price, high)).toBeLessThanOrEqual(0);
          }
          expect(finished).toBe(false);
          break;
        }
      } finally {
        clearInterval(stirring);
      }
    });

    it('ends a watch when the signal aborts, with its reason, and refuses what it never pushes for good', async () => {
      const { client, symbol, interval, stir } = subject;
      if (!client.watchCandles) return;
      const watch = async (market: string, signal: AbortSignal) => {
        for await (const _ of client.watchCandles!({ symbol: market, interval, signal }));
      };
      await expect(watch('NO/SUCH', new AbortController().signal)).rejects.toMatchObject({
        retryable: false,
      });
      if (!stir) return;
      const reason = new Error('enough');
      const stop = new AbortController();
      const watching = watch(symbol, stop.signal);
      stop.abort(reason);
      await expect(watching).rejects.toBe(reason);
    });
  });
}
