import { setTimeout as delay } from 'node:timers/promises';
import { EXCHANGE } from '../support/cryptoflow.mjs';
import { figure, range, row } from '../support/results.mjs';
import { cpuSeconds, withService } from '../support/service.mjs';
import { highest, median, percentile } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { SYMBOL } from './addresses.mjs';

const EVERY_MS = 1000;
/** For the last event of a round to arrive. */
const WAIT_MS = 5000;
/** After the subscribers have come. */
const SETTLE_MS = 500;
const WARM_UP_EVENTS = 2;
const LIMIT_MS = 250;
const PATH = `/api/v1/stream?exchange=${EXCHANGE}&symbol=${encodeURIComponent(SYMBOL)}&interval=1m&events=closed`;

/**
 * What one round came to: a delay per event, in ms.
 *
 * @typedef {{ events: number, missing: number, twice: number, last: number[], middle: number[], own: number[],
 *   cpuSeconds: number, rssMb: number }} Round
 */

/**
 * A candle each second, committed by another process, and all who listen.
 *
 * @param {string} file a database of its own
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 */
export async function stream(file, { apiSubscribers, apiEvents, apiStreamRounds }, say) {
  const workers = [new Worker('api/writer-process.mjs'), new Worker('api/subscribers-process.mjs')];
  const environment = { DATABASE_URL: `sqlite:${file}`, CRYPTOFLOW_ROLE: 'api' };
  return withWorkers(workers, (writer, clients) =>
    withService(environment, async ({ url, pid, rssMb }) => {
      await writer.call('open', { file });
      /** @param {number} count @param {number} [events] @returns {Promise<Round>} */
      const listen = async (count, events = apiEvents) => {
        await clients.call('listen', { url, path: PATH, count });
        await delay(SETTLE_MS);
        const before = cpuSeconds(pid);
        const commits = await writer.call('commit', { count: events, everyMs: EVERY_MS });
        const heard = await clients.call('heard', { openTimes: commits.map(openTimeOf), waitMs: WAIT_MS });
        const spent = cpuSeconds(pid) - before;
        const round = { ...delaysOf(commits, heard, count), cpuSeconds: spent, rssMb: rssMb() };
        await clients.call('hangUp');
        return round;
      };
      await listen(1, WARM_UP_EVENTS);
      const [alone, many] = [/** @type {Round[]} */ ([]), /** @type {Round[]} */ ([])];
      for (let round = 0; round < apiStreamRounds; round += 1) {
        say(`${figure(apiSubscribers)} subscribers, round ${round + 1} of ${apiStreamRounds}`);
        alone.push(await listen(1));
        many.push(await listen(apiSubscribers));
      }
      return describe(alone, many, apiSubscribers);
    }),
  );
}

/** @param {{ openTime: number }} commit */
const openTimeOf = ({ openTime }) => openTime;

/**
 * @param {Array<{ begun: number, done: number }>} commits
 * @param {{ twice: number, times: Float64Array[] }} heard
 * @param {number} count of subscribers
 */
function delaysOf(commits, { twice, times }, count) {
  const after = (/** @type {number} */ index, /** @type {number} */ time) =>
    time - (commits[index]?.begun ?? 0);
  return {
    events: commits.length,
    missing: times.reduce((sum, came) => sum + count - came.length, 0),
    twice,
    last: times.map((came, index) => after(index, highest(came))),
    middle: times.map((came, index) => after(index, median(came))),
    own: commits.map(({ begun, done }) => done - begun),
  };
}

/** @param {Round[]} rounds @param {'last' | 'middle' | 'own'} of */
const all = (rounds, of) => rounds.flatMap((round) => round[of]);

/** @param {Round[]} rounds @param {'events' | 'missing' | 'twice' | 'cpuSeconds'} of */
const sum = (rounds, of) => rounds.reduce((total, round) => total + round[of], 0);

/** @param {Round[]} rounds */
const cpuPerEvent = (rounds) => (sum(rounds, 'cpuSeconds') * 1000) / sum(rounds, 'events');

/** @param {Round[]} alone @param {Round[]} many @param {number} subscribers */
function describe(alone, many, subscribers) {
  const who = `${figure(subscribers)} subscribers of a candle each second`;
  const delivered = sum(many, 'events') * subscribers;
  const [aloneCpu, manyCpu] = [cpuPerEvent(alone), cpuPerEvent(many)];
  const late = (
    /** @type {string} */ name,
    /** @type {'last' | 'middle'} */ of,
    /** @type {number} */ share,
    /** @type {object} */ limits,
  ) =>
    row({
      what: `${who}: from the commit to ${name}, ${share === 0.5 ? 'p50' : 'p99'}`,
      value: percentile(all(many, of), share),
      unit: 'ms',
      baseline: 'one subscriber alone',
      baselineValue: percentile(all(alone, of), share),
      limits,
    });
  return {
    rows: [
      row({
        what: `${who}: events that somebody missed, or got twice`,
        value: sum(many, 'missing') + sum(many, 'twice'),
        unit: 'events',
        baseline: 'events times subscribers',
        baselineValue: delivered,
        limits: { atMost: 0 },
      }),
      late('the last of them', 'last', 0.5, {}),
      late('the last of them', 'last', 0.99, { under: LIMIT_MS }),
      late('the median one', 'middle', 0.5, {}),
      late('the median one', 'middle', 0.99, {}),
      row({
        what: `${who}: CPU time of the service per event, looking for changes included`,
        value: manyCpu,
        unit: 'ms',
        baseline: 'one subscriber alone',
        baselineValue: aloneCpu,
      }),
      row({
        what: `${who}: the same per event and subscriber`,
        value: (manyCpu * 1000) / subscribers,
        unit: 'µs',
        baseline: 'one subscriber alone',
        baselineValue: aloneCpu * 1000,
      }),
      row({
        what: `${who}: memory of the service, at its most`,
        value: highest(many.map(({ rssMb }) => rssMb)),
        unit: 'MB',
        baseline: 'one subscriber alone, at first',
        baselineValue: alone[0]?.rssMb ?? null,
      }),
    ],
    notes: [
      `${figure(subscribers)} subscribers: ${figure(sum(many, 'events'))} events in ${many.length} rounds; delay of the last subscriber ` +
        `${range(all(many, 'last'))} ms, of one alone ${range(all(alone, 'last'))} ms, counted from before the COMMIT, which took ` +
        `${figure(median(all(many, 'own')))} ms at the median until its writer knew of it. The service spent ${figure(manyCpu)} ms of ` +
        `CPU time per event, with one subscriber ${figure(aloneCpu)} ms; it looks for changes twenty times a second for all of them together.`,
    ],
  };
}
