import type { Operation } from '../operation.js';
import { BINANCE } from './binance.js';
import { CANDLES } from './candles.js';
import { SERIES_ADMINISTRATION } from './series-administration.js';
import { SERIES } from './series.js';
import { SERVICE } from './service.js';
import { STREAM } from './stream.js';
import { UDF } from './udf.js';

/** Everything that the service answers. */
export const OPERATIONS: readonly Operation[] = [
  ...CANDLES,
  ...SERIES,
  ...SERIES_ADMINISTRATION,
  ...STREAM,
  ...SERVICE,
  ...UDF,
  ...BINANCE,
];
