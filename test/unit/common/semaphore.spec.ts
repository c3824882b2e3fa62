import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../../src/common/semaphore.js';
import { gate, until } from '../../support/fixtures/until.js';

/** A task that runs until it is told to end. */
function task(started: string[], name: string) {
  const { opened, open } = gate();
  const run = async () => {
    started.push(name);
    await opened;
    return name;
  };
  return { run, end: open };
}

describe('Semaphore', () => {
  it('lets so many run at once, first come first served', async () => {
    const semaphore = new Semaphore(2);
    const started: string[] = [];
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(started, name));
    const results = tasks.map(({ run }) => semaphore.run(run));
    await until(() => started.length === 2);
    expect(started).toEqual(['a', 'b']);

    tasks[1]!.end();
    await results[1];
    await until(() => started.length === 3);
    expect(started).toEqual(['a', 'b', 'c']);
    for (const { end } of tasks) end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives the permit of a task that fails to the next', async () => {
    const semaphore = new Semaphore(1);
    const failing = semaphore.run(async () => {
      throw new Error('failed');
    });
    const next = semaphore.run(async () => 'next');
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('next');
    expect(await semaphore.run(async () => 'later')).toBe('later');
  });

  it('lets one that is aborted while it waits go, and keeps the order of the others', async () => {
    const semaphore = new Semaphore(1);
    const started: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => task(started, name));
    const controller = new AbortController();
    const first = semaphore.run(a!.run);
    const second = semaphore.run(b!.run, controller.signal);
    const third = semaphore.run(c!.run);
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');

    a!.end();
    c!.end();
    await Promise.all([first, third]);
    expect(started).toEqual(['a', 'c']);
  });

  it('runs nothing for a signal that is aborted already, and takes no permit for it', async () => {
    const semaphore = new Semaphore(1);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(semaphore.run(async () => 'never', signal)).rejects.toThrow('too late');
    expect(await semaphore.run(async () => 'next')).toBe('next');
  });

  it('does not take a permit back from one that is aborted while it runs', async () => {
    const semaphore = new Semaphore(1);
    const started: string[] = [];
    const [a, b] = ['a', 'b'].map((name) => task(started, name));
    const controller = new AbortController();
    const first = semaphore.run(a!.run, controller.signal);
    const second = semaphore.run(b!.run);
    await until(() => started.length === 1);
    controller.abort();
    expect(started).toEqual(['a']);
    a!.end();
    expect(await first).toBe('a');
    b!.end();
    expect(await second).toBe('b');
    expect(await semaphore.run(async () => 'free')).toBe('free');
  });
});
