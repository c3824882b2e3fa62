import type { CandleFault } from '../candles/soundness.js';

/** What is wrong with a row, for who reads the outcome of an import. */
export const FAULT_WORDS: Readonly<Record<CandleFault, string>> = {
  time_unreadable: 'its time is none',
  figure_unreadable: 'a figure is missing or is no number',
  off_grid: 'it does not open on the grid of its interval',
  not_begun: 'it opens in the future',
  price_not_positive: 'a price is zero or negative',
  price_outside_range: 'its open or close lies below its low or above its high',
  volume_negative: 'its volume is negative',
  contradictory: 'a row of the same time before it says something else',
  still_open: 'it is still open',
  outside_period: 'it opens outside of the file’s period',
};
