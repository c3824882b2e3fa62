import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {'ccxt' | 'checking' | 'committing' | 'garbage' | 'idle' | 'other'} Owner */

/** @type {Array<[RegExp, Owner]>} */
const OWNERS = [
  [/\/node_modules\/(ccxt|undici)\//, 'ccxt'],
  [/\/dist\/exchanges\//, 'checking'],
  [/\/dist\/(candles|database|locks)\/|\/node_modules\/(typeorm|sqlite3)\//, 'committing'],
];

/** With what Node must be started to leave a profile of its main thread when it ends. @param {string} folder */
export const profiledInto = (folder) => ['--cpu-prof', `--cpu-prof-dir=${folder}`];

/**
 * Whose the time of the main thread was: the time of a stack is that of the innermost frame that is anybody's, so that
 * the JSON that ccxt parses is ccxt's.
 *
 * @param {string} folder where the profile is
 * @param {{ from: number, to: number }} span since the start of the process, in milliseconds
 * @returns {Record<Owner, number>} shares of 1
 */
export function readShares(folder, { from, to }) {
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  /** @type {Profile} */
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const owners = ownersOf(nodes);
  const spent = { ccxt: 0, checking: 0, committing: 0, garbage: 0, idle: 0, other: 0 };
  let [at, total] = [0, 0];
  for (const [index, id] of samples.entries()) {
    // A delta is the time before its sample: what the sample shows lasts until the next.
    at += (timeDeltas[index] ?? 0) / 1000;
    const lasted = (timeDeltas[index + 1] ?? 0) / 1000;
    if (at < from || at > to) continue;
    spent[owners.get(id) ?? 'other'] += lasted;
    total += lasted;
  }
  for (const owner of /** @type {Owner[]} */ (Object.keys(spent))) spent[owner] /= total;
  return spent;
}

/**
 * @typedef {{ id: number, callFrame: { functionName: string, url: string }, children?: number[] }} Frame
 * @typedef {{ nodes: Frame[], samples: number[], timeDeltas: number[] }} Profile
 */

/** @param {Frame[]} nodes callers before those whom they call */
function ownersOf(nodes) {
  /** @type {Map<number, Owner>} */
  const owners = new Map();
  for (const { id, callFrame, children = [] } of nodes) {
    const owner = ownerOf(callFrame) ?? owners.get(id) ?? 'other';
    owners.set(id, owner);
    for (const child of children) owners.set(child, owner);
  }
  return owners;
}

/** @param {Frame['callFrame']} frame @returns {Owner | undefined} */
function ownerOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return 'garbage';
  if (functionName === '(idle)') return 'idle';
  return OWNERS.find(([pattern]) => pattern.test(url))?.[1];
}
