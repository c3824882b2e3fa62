import { isInterval, type Interval } from '../../../common/interval.js';

/** A kline stream of one market: `btcusdt@kline_1m`. */
export interface KlineStream {
  /** The market's id, in capitals. */
  readonly id: string;
  readonly interval: Interval;
}

const NAME = /^([a-z0-9-_.]{1,20})@kline_([0-9a-zA-Z]{2,3})$/;

/** @returns null where it names no stream of klines */
export function parseStreamName(name: string): KlineStream | null {
  const [, id, interval] = NAME.exec(name) ?? [];
  if (id === undefined || interval === undefined || !isInterval(interval)) return null;
  return { id: id.toUpperCase(), interval };
}
