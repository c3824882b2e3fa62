import type { LiveEvent } from '../../../candles/live/live-event.js';
import { toKline } from '../kline.js';

/**
 * What Binance pushes for a kline. What is not kept is zero, and there are no numbers of trades.
 *
 * @param id the market's id
 * @param now Unix ms
 */
export function klineMessage({ kind, candle, interval }: LiveEvent, id: string, now: number): string {
  const [t, o, h, l, c, v, T] = toKline(candle, interval);
  const k = {
    t,
    T,
    s: id,
    i: interval,
    f: -1,
    L: -1,
    o,
    c,
    h,
    l,
    v,
    n: 0,
    x: kind === 'closed',
    q: '0',
    V: '0',
    Q: '0',
    B: '0',
  };
  return JSON.stringify({ e: 'kline', E: now, s: id, k });
}
