/** Markets of the simulator that are all collected over all of its history: some 25 million candles. */
export const LONG_BACKFILL = {
  CRYPTOFLOW_MARKETS: 'simulator:*/USDT@1m simulator:BTC/EUR@1m',
  CRYPTOFLOW_BACKFILL: '2017-01-01',
};
