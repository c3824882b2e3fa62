import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spin } from '../support/fault/proc.js';
import type { Random } from '../support/fault/random.js';
import { SoakService } from './service.js';
import type { Crew, Member } from './crew.js';

const FOREIGN = resolve('test/soak/foreign-process.mjs');
const SEEK_MS = 5000;

/**
 * Writers wait 10 s for another process. What holds the write lock longer makes their errors legitimate, so nothing here
 * does, not even with the time that it takes to get the lock.
 */
const LONGEST_HOLD_MS = 6000;

type Fault = (crew: Crew, random: Random, signal: AbortSignal) => Promise<{ inside: boolean }>;

/** Each with how often it comes up. Those that kill or stop aim at the process that writes, or at any. */
export const FAULTS: Readonly<Record<string, readonly [weight: number, Fault]>> = {
  'SIGKILL, aimed at a transaction': [5, kill],
  'SIGKILL at any moment': [3, killAnyone],
  'SIGSTOP, aimed at a transaction, then SIGCONT': [2, (...args) => stopInside(...args, 'SIGCONT')],
  'SIGSTOP, aimed at a transaction, then SIGKILL': [1, (...args) => stopInside(...args, 'SIGKILL')],
  'SIGSTOP within the life of a lease': [3, (...args) => stopOutside(...args, [0.05, 0.5])],
  'SIGSTOP beyond the life of a lease': [3, (...args) => stopOutside(...args, [1.6, 2])],
  'SIGTERM and a restart': [2, terminate],
  'a foreign reader that stays': [
    2,
    (crew, random, signal) => foreign(crew, 'read', random.between(2000, 8000), signal),
  ],
  'a foreign writer that stays': [
    2,
    (crew, random, signal) => foreign(crew, 'write', random.between(300, LONGEST_HOLD_MS - 1000), signal),
  ],
};

/** @returns the member that is frozen, and whether that was inside a write transaction; null where nobody wrote */
async function freezeWriter(crew: Crew, random: Random): Promise<{ member: Member; inside: boolean } | null> {
  const intoMs = random.next() * 6;
  const end = performance.now() + SEEK_MS;
  while (performance.now() < end) {
    const member = crew.writing();
    if (member) {
      spin(intoMs);
      member.freeze();
      return { member, inside: crew.writing() === member };
    }
    await delay(1);
  }
  return null;
}

async function kill(crew: Crew, random: Random): Promise<{ inside: boolean }> {
  const frozen = await freezeWriter(crew, random);
  if (!frozen) return { inside: false };
  await crew.replace(frozen.member, 'SIGKILL');
  return frozen;
}

async function killAnyone(crew: Crew, random: Random): Promise<{ inside: boolean }> {
  const { members } = crew;
  if (members.length > 0) await crew.replace(random.pick(members), 'SIGKILL');
  return { inside: false };
}

async function stopInside(
  crew: Crew,
  random: Random,
  signal: AbortSignal,
  end: 'SIGCONT' | 'SIGKILL',
): Promise<{ inside: boolean }> {
  const ms = random.between(300, LONGEST_HOLD_MS);
  const frozen = await freezeWriter(crew, random);
  if (!frozen) return { inside: false };
  await delay(ms, undefined, { signal });
  if (end === 'SIGCONT') frozen.member.send('SIGCONT');
  else await crew.replace(frozen.member, 'SIGKILL');
  return frozen;
}

/** @param lives how long, in lives of a lease, from and to */
async function stopOutside(
  crew: Crew,
  random: Random,
  signal: AbortSignal,
  lives: readonly [number, number],
): Promise<{ inside: boolean }> {
  const ms = crew.ttlMs * (lives[0] + random.next() * (lives[1] - lives[0]));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { members } = crew;
    if (members.length < 2) return { inside: false };
    const member = random.pick(members);
    member.freeze();
    if (crew.writing() === member) {
      member.send('SIGCONT');
      await delay(5, undefined, { signal });
      continue;
    }
    if (ms > crew.ttlMs && !(member instanceof SoakService)) crew.fleet.expectTakeover(member);
    await delay(ms, undefined, { signal });
    member.send('SIGCONT');
    break;
  }
  return { inside: false };
}

async function terminate(crew: Crew, random: Random): Promise<{ inside: boolean }> {
  const { members } = crew;
  if (members.length > 0) await crew.replace(random.pick(members), 'SIGTERM');
  return { inside: false };
}

async function foreign(
  { file }: Crew,
  mode: 'read' | 'write',
  ms: number,
  signal: AbortSignal,
): Promise<{ inside: boolean }> {
  const child = spawn(process.execPath, [FOREIGN, file, mode, String(ms)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const abort = () => child.kill('SIGKILL');
  signal.addEventListener('abort', abort);
  await once(child, 'exit');
  signal.removeEventListener('abort', abort);
  return { inside: false };
}
