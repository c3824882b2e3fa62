import type { Market } from '../exchange-client.js';

/** A market that the simulator trades. Prices count ticks and volumes count lots, so that every sum is exact. */
export interface SimulatedMarket extends Market {
  /** Which price path it follows: markets of one base share it, so that they agree with each other. */
  readonly path: number;
  /** The typical price, in ticks. */
  readonly level: number;
  /** Decimals of one tick: 2 means 0.01. */
  readonly priceDecimals: number;
  /** The typical volume of one minute, in lots. */
  readonly lots: number;
  /** Decimals of one lot. */
  readonly volumeDecimals: number;
  /** How far the price moves in a typical day, as a share of itself. */
  readonly dailyMove: number;
}

function market(
  symbol: `${string}/${string}`,
  figures: Pick<
    SimulatedMarket,
    'path' | 'level' | 'priceDecimals' | 'lots' | 'volumeDecimals' | 'dailyMove'
  >,
): SimulatedMarket {
  const [base = '', quote = ''] = symbol.split('/');
  return { symbol, base, quote, active: true, ...figures };
}

export const SIMULATED_MARKETS: readonly SimulatedMarket[] = [
  market('BTC/USDT', {
    path: 1,
    level: 3_000_000,
    priceDecimals: 2,
    lots: 1_200_000,
    volumeDecimals: 5,
    dailyMove: 0.025,
  }),
  market('ETH/USDT', {
    path: 2,
    level: 180_000,
    priceDecimals: 2,
    lots: 1_500_000,
    volumeDecimals: 4,
    dailyMove: 0.033,
  }),
  market('SOL/USDT', {
    path: 3,
    level: 9_000,
    priceDecimals: 2,
    lots: 1_400_000,
    volumeDecimals: 3,
    dailyMove: 0.045,
  }),
  market('DOGE/USDT', {
    path: 4,
    level: 11_000,
    priceDecimals: 5,
    lots: 900_000,
    volumeDecimals: 0,
    dailyMove: 0.048,
  }),
  market('BTC/EUR', {
    path: 1,
    level: 2_760_000,
    priceDecimals: 2,
    lots: 90_000,
    volumeDecimals: 5,
    dailyMove: 0.025,
  }),
];
