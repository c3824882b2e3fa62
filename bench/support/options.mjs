import { parseArgs } from 'node:util';

export const BENCHES = /** @type {const} */ (['scenarios', 'ingest', 'read', 'api', 'footprint', 'backfill']);

/**
 * How much is done. `standard` ends within 20 minutes on two cores; `quick` only shows that everything still runs.
 *
 * @typedef {typeof STANDARD} Sizes
 */
const STANDARD = {
  /** Times of the report (transactions of 5 s and 3 s, `busy_timeout` 2 s) are multiplied by this. */
  timeScale: 1,
  scenarioRounds: 2,
  ablationSeconds: 8,
  /** Paired rounds of every ingest comparison, and the candles of each. */
  ingestRounds: 3,
  ingestRows: 500_000,
  /** The ways that go row by row, or through entities, are given fewer. */
  slowIngestRows: 100_000,
  growthRows: 5_000_000,
  growthStep: 1_000_000,
  readRounds: 3,
  readSeconds: 9,
  baselineReadSeconds: 4,
  throughputSeconds: 3,
  walSeconds: 50,
  walBaselineSeconds: 8,
  syncSeconds: 10,
  memoryCandles: 1_200_000,
  starts: 5,
  seedRows: 200_000,
  /** Candles of the history that the API is asked for: a year of minutes. */
  apiCandles: 525_600,
  apiRounds: 2,
  /** Of every protocol in every round. */
  apiSeconds: 1,
  apiSubscribers: 1000,
  /** Events, a second apart, of every round. */
  apiEvents: 10,
  apiStreamRounds: 2,
  /** Markets with 1h and with 1m candles, and days of history of each. */
  backfillHourMarkets: 25,
  backfillMinuteMarkets: 2,
  backfillDays: 365,
};

/** @type {Record<'quick' | 'standard' | 'full', Sizes>} */
const SIZES = {
  standard: STANDARD,
  full: {
    ...STANDARD,
    scenarioRounds: 3,
    ablationSeconds: 12,
    growthRows: 50_000_000,
    readSeconds: 60,
    baselineReadSeconds: 30,
    throughputSeconds: 10,
    walSeconds: 600,
    walBaselineSeconds: 60,
    syncSeconds: 60,
    memoryCandles: 10_000_000,
    apiRounds: 5,
    apiSeconds: 5,
    apiEvents: 60,
    backfillHourMarkets: 300,
    backfillMinuteMarkets: 20,
  },
  quick: {
    timeScale: 0.1,
    scenarioRounds: 1,
    ablationSeconds: 1,
    ingestRounds: 1,
    ingestRows: 16_000,
    slowIngestRows: 8_000,
    growthRows: 40_000,
    growthStep: 20_000,
    readRounds: 1,
    readSeconds: 1,
    baselineReadSeconds: 1,
    throughputSeconds: 0.5,
    walSeconds: 2,
    walBaselineSeconds: 1,
    syncSeconds: 1,
    memoryCandles: 20_000,
    starts: 1,
    seedRows: 20_000,
    apiCandles: 20_000,
    apiRounds: 1,
    apiSeconds: 0.3,
    apiSubscribers: 100,
    apiEvents: 2,
    apiStreamRounds: 1,
    backfillHourMarkets: 3,
    backfillMinuteMarkets: 2,
    backfillDays: 2,
  },
};

const USAGE = `Usage: node bench/run.mjs [scenarios] [ingest] [read] [api] [footprint] [backfill] [--full | --quick] [--out <folder>] [--write-docs]

  --full         50 million candles, rounds of 60 s, ten minutes of WAL
  --quick        small sizes, under two minutes: shows that the benches run, measures nothing
  --out          where latest.json and chart.svg go (bench/results; with --quick a temporary folder)
  --write-docs   puts the tables into docs/performance.md; without a bench's name, those of the last run
`;

/** @param {string[]} args the arguments after the program's name */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench === name));
  const contradiction = values.quick && (values.full || values['write-docs']);
  if (values.help || unknown.length > 0 || contradiction) {
    process.stderr.write(USAGE);
    process.exit(values.help ? 0 : 2);
  }
  const mode = values.full ? 'full' : values.quick ? 'quick' : 'standard';
  const writeDocs = values['write-docs'];
  const chosen = BENCHES.filter((bench) => positionals.includes(bench));
  const benches = chosen.length > 0 || writeDocs ? chosen : [...BENCHES];
  return { mode, sizes: SIZES[mode], benches, out: values.out, writeDocs };
}
