import { SystemClock } from '../../src/common/clock.js';
import { SqliteConnection } from '../../src/database/sqlite/sqlite-connection.js';
import { SimulatorClient } from '../../src/exchanges/simulator/simulator.client.js';

const MINUTE = 60_000;
const PAGE = 1000;

interface Span {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly state: string;
  readonly candles: number;
}

const SPANS = `SELECT symbol, from_time AS "from", to_time AS "to", coverage.state AS state,
    (SELECT count(*) FROM candle WHERE candle.series_id = coverage.series_id
      AND open_time >= from_time AND open_time < to_time) AS candles
  FROM coverage JOIN series ON series.id = series_id WHERE exchange = 'simulator'`;
const COUNT = `SELECT count(*) AS candles FROM candle JOIN series ON series.id = series_id WHERE exchange = 'simulator'`;

export interface Comparison {
  readonly candles: number;
  /** What is wrong; nothing, if all is well. */
  readonly differences: string[];
}

/**
 * Compares what the API answers with what the simulator says: wherever coverage says `have`, every candle must be
 * there, to the last digit, and there must be none anywhere else.
 */
export async function compareWithSimulator(file: string, url: string): Promise<Comparison> {
  const differences: string[] = [];
  const { spans, stored } = await readSpans(file);
  const simulator = new SimulatorClient(new SystemClock());
  let candles = 0;
  for (const { symbol, from, to, state, candles: there } of spans) {
    const wanted = state === 'have' ? (to - from) / MINUTE : 0;
    candles += there;
    if (there !== wanted)
      differences.push(`${symbol} ${state} [${from}, ${to}): ${there} of ${wanted} candles`);
    if (state !== 'have')
      differences.push(`${symbol} [${from}, ${to}) is ${state}: the simulator has no gaps`);
    for (let start = from; start < to; start += PAGE * MINUTE) {
      const end = Math.min(to, start + PAGE * MINUTE);
      const { closed } = await simulator.fetchCandles({ symbol, interval: '1m', from: start, to: end });
      const expected = closed
        .map(
          ({ openTime, open, high, low, close, volume }) =>
            `[${[openTime, open, high, low, close, volume].join(',')}]`,
        )
        .join(',');
      const query = `exchange=simulator&symbol=${symbol}&interval=1m&limit=${PAGE}&from=${start}&to=${end}`;
      const text = await (await fetch(`${url}/api/v1/candles?${query}`)).text();
      if (!text.includes(`"candles":[${expected}]`))
        differences.push(`${symbol} [${start}, ${end}): the API's candles are not the simulator's`);
    }
  }
  if (stored !== candles) differences.push(`${stored} candles, ${candles} of them covered`);
  return { candles, differences };
}

async function readSpans(file: string): Promise<{ spans: Span[]; stored: number }> {
  const connection = await SqliteConnection.open(file, 'ro');
  try {
    const spans = await connection.all<Span>(SPANS);
    const [row] = await connection.all<{ candles: number }>(COUNT);
    return { spans, stored: row!.candles };
  } finally {
    await connection.close();
  }
}
