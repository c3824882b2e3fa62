import type { Bars } from '../../src/protocols/udf/bars.js';

/** The six columns of bars, each figure as it is written: JSON would round them. */
export function columnsOf(bars: Bars): string[][] {
  const text = bars.toJson().toString();
  const columns = [...text.matchAll(/"[tohlcv]":\[([^\]]*)\]/g)].map(([, inside]) => inside!.split(','));
  if (columns.length !== 6) throw new Error(`not bars: ${text.slice(0, 100)}`);
  return columns;
}
