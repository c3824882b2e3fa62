// The baseline: the same pages, fetched by ccxt as it is, four at once, and thrown away.
import { binance } from 'ccxt';
import { memory, serveTasks } from '../support/tasks.mjs';
import { exchangeOptions, STEPS } from './plan.mjs';

const AT_ONCE = 4;
const PAGE = 1000;

serveTasks({
  /** @param {{ url: string, plan: import('./plan.mjs').Plan }} options */
  async fetch({ url, plan: { since, series } }) {
    const exchange = new binance(exchangeOptions(url));
    const now = Date.now();
    const pages = series.flatMap(({ symbol, interval }) => {
      const span = PAGE * STEPS[interval];
      const count = Math.ceil((now - since) / span);
      return Array.from({ length: count }, (_, index) => ({ symbol, interval, from: since + index * span }));
    });
    const started = performance.now();
    let candles = 0;
    const fetchAll = async () => {
      for (let page = pages.pop(); page; page = pages.pop()) {
        candles += (await exchange.fetchOHLCV(page.symbol, page.interval, page.from, PAGE)).length;
      }
    };
    await exchange.loadMarkets();
    await Promise.all(Array.from({ length: AT_ONCE }, fetchAll));
    await exchange.close();
    return { candles, seconds: (performance.now() - started) / 1000, ...memory() };
  },
});
