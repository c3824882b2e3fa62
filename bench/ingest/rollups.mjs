import { join } from 'node:path';
import { figure, row } from '../support/results.mjs';
import { median } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { removeFolder, workFolder } from '../support/workspace.mjs';

const PAGE = 1000;
/** Somewhat more than a day, so that every interval up to a day ends within it. */
const LIVE_MINUTES = 1500;

/**
 * What the rollups of fourteen intervals cost the commits that they are written in: the same candles into series of
 * minutes, and into series of another interval, which have none.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 */
export async function measureRollups({ ingestRounds, ingestRows }) {
  const rounds = [];
  for (let round = 0; round < ingestRounds; round += 1) {
    const folder = workFolder('rollups');
    const once = (/** @type {string} */ task, /** @type {string} */ name, /** @type {object} */ options) =>
      withWorkers([new Worker('ingest/ingest-process.mjs')], (worker) =>
        worker.call(task, { file: join(folder, `${name}.db`), ...options }),
      );
    const pages = { rows: ingestRows, perPage: PAGE };
    rounds.push({
      without: await once('commit', 'without', { ...pages, rollups: false }),
      with: await once('commit', 'with', { ...pages, rollups: true }),
      liveWithout: await once('live', 'live-without', { minutes: LIVE_MINUTES, rollups: false }),
      live: await once('live', 'live', { minutes: LIVE_MINUTES, rollups: true }),
      piece: await once('prepareRollups', 'none', { rows: PAGE }),
    });
    removeFolder(folder);
  }
  return describe(rounds);
}

const perCandle = (/** @type {any} */ { written, rows }) => written / rows;

/** @param {any[]} rounds */
function describe(rounds) {
  const of = (/** @type {(round: any) => number} */ value) => median(rounds.map(value));
  const milliseconds = of(({ piece }) => piece.ms);
  return {
    rows: [
      row({
        what: 'ingest with rollups, 1,000 per commit',
        value: of((round) => round.with.rows / round.with.seconds),
        unit: 'candles/s',
        baseline: 'the same without rollups',
        baselineValue: of((round) => round.without.rows / round.without.seconds),
      }),
      row({
        what: 'rows written per candle, with rollups, 1,000 per commit',
        value: of((round) => perCandle(round.with)),
        unit: 'rows',
        baseline: 'the same without rollups',
        baselineValue: of((round) => perCandle(round.without)),
        limits: { ratioAtMost: 2 },
      }),
      row({
        what: 'rows written per candle, with rollups, live minutes',
        value: of((round) => perCandle(round.live)),
        unit: 'rows',
        baseline: 'the same without rollups',
        baselineValue: of((round) => perCandle(round.liveWithout)),
        limits: { ratioAtMost: 2 },
      }),
      row({
        what: 'commit of one live minute, with rollups, median',
        value: of((round) => median(round.live.latencies)),
        unit: 'ms',
        baseline: 'the same without rollups',
        baselineValue: of((round) => median(round.liveWithout.latencies)),
      }),
    ],
    notes: [
      'Rows written are those of all tables: lease, candles, coverage, rollups of fourteen intervals. ' +
        `Making the rollups of ${figure(PAGE)} minutes takes the event loop ${figure(milliseconds)} ms.`,
    ],
  };
}
