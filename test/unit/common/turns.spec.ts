import { setImmediate as nextIteration } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { besideTurns, nextTurn, noteRequest } from '../../../src/common/turns.js';

/** Lets the event loop go round so many times. */
async function goRound(times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) await nextIteration();
}

describe('a turn of bulk work', () => {
  it('comes once in a round of the event loop, to each in its order', async () => {
    const rounds: number[] = [];
    let round = 0;
    const work = Array.from({ length: 5 }, () => nextTurn().then(() => rounds.push(round)));
    for (; rounds.length < 5; round += 1) await nextIteration();
    await Promise.all(work);
    expect(new Set(rounds).size).toBe(5);
  });

  it('waits, while requests come in, until the bulk work on another thread has ended', async () => {
    noteRequest();
    let end: () => void = () => undefined;
    const beside = besideTurns(() => new Promise<void>((resolve) => (end = resolve)));
    let given = false;
    const turn = nextTurn().then(() => (given = true));
    await goRound(3);
    expect(given).toBe(false);
    end();
    await beside;
    await turn;
  });

  it('does not wait for ever for work that is itself kept waiting', async () => {
    noteRequest();
    let end: () => void = () => undefined;
    const beside = besideTurns(() => new Promise<void>((resolve) => (end = resolve)));
    await expect(nextTurn()).resolves.toBeUndefined();
    end();
    await beside;
  });
});
