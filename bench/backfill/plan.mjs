export const STEPS = { '1m': 60_000, '1h': 3_600_000 };

/** What ccxt's binance must be given to ask the local exchange, as fast as it answers. @param {string} url */
export const exchangeOptions = (url) => ({
  enableRateLimit: false,
  urls: { api: { public: url } },
  options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false },
});

/** @param {string} letter @param {number} count @param {'1m' | '1h'} interval */
const some = (letter, count, interval) =>
  Array.from({ length: count }, (_, index) => ({ symbol: `${letter}${index}/USDT`, interval }));

/**
 * Which series are collected, and since when.
 *
 * @param {{ backfillHourMarkets: number, backfillMinuteMarkets: number, backfillDays: number }} sizes
 */
export function planSeries({ backfillHourMarkets, backfillMinuteMarkets, backfillDays }) {
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const since = midnight - backfillDays * 86_400_000;
  const series = [...some('H', backfillHourMarkets, '1h'), ...some('M', backfillMinuteMarkets, '1m')];
  return { since, series };
}

/** Enough of the series for a profile. @param {Plan} plan @returns {Plan} */
export function someOf({ since, series }) {
  const first = (/** @type {string} */ interval, /** @type {number} */ count) =>
    series.filter((it) => it.interval === interval).slice(0, count);
  return { since, series: [...first('1h', 20), ...first('1m', 1)] };
}

/** @typedef {ReturnType<typeof planSeries>} Plan */
