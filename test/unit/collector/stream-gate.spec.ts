import { describe, expect, it } from 'vitest';
import { StreamGate } from '../../../src/collector/stream-gate.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

const SIGNAL = new AbortController().signal;

/** How long the gate stays closed, in steps of 100 ms. */
async function closedFor(gate: StreamGate, clock: ManualClock): Promise<number> {
  let open = false;
  void gate.pass(SIGNAL).then(() => (open = true));
  for (let ms = 0; ; ms += 100) {
    await new Promise(setImmediate);
    if (open) return ms;
    clock.advance(100);
  }
}

describe('the gate before a stream', () => {
  it('counts one break once, however many tell of it, and waits longer after each', async () => {
    const clock = new ManualClock();
    const gate = new StreamGate(clock);
    expect(await closedFor(gate, clock)).toBe(0);
    for (const step of [1000, 2000, 4000]) {
      for (let series = 0; series < 300; series += 1) gate.failed();
      const waited = await closedFor(gate, clock);
      expect(waited).toBeGreaterThanOrEqual(step / 2);
      expect(waited).toBeLessThanOrEqual(step + 100);
    }
  });

  it('starts over once a stream has lasted, and not after one update', async () => {
    const clock = new ManualClock();
    const gate = new StreamGate(clock);
    for (let count = 0; count < 4; count += 1) {
      gate.failed();
      await closedFor(gate, clock);
    }
    gate.succeeded();
    gate.failed();
    expect(await closedFor(gate, clock)).toBeGreaterThanOrEqual(8000);
    clock.advance(31_000);
    gate.succeeded();
    gate.failed();
    expect(await closedFor(gate, clock)).toBeLessThanOrEqual(1100);
  });

  it('lets nobody wait who is told to stop', async () => {
    const gate = new StreamGate(new ManualClock());
    const stop = new AbortController();
    gate.failed();
    const passing = gate.pass(stop.signal);
    stop.abort(new Error('stop'));
    await expect(passing).rejects.toThrow('stop');
  });
});
