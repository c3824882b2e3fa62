/** For so long after a request bulk work leaves a core to the next, in milliseconds. */
const ATTENTIVE_MS = 1000;
/** No turn is held back for longer than this, in milliseconds: who holds the core may be waiting himself. */
const PATIENCE_MS = 50;

const waiting: Array<() => void> = [];
let scheduled = false;
let elsewhere = 0;
let heldUntil = -Infinity;
let patience: NodeJS.Timeout | undefined;
let attentiveUntil = -Infinity;

/**
 * Waits for a turn of the event loop that no other such piece of work gets. For work in bulk, in pieces of about a
 * millisecond: whatever the number of those who do it, requests and timers come in between any two pieces.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    schedule();
  });
}

/** Somebody asks this process for an answer, and will soon ask again. */
export function noteRequest(): void {
  attentiveUntil = performance.now() + ATTENTIVE_MS;
}

/**
 * Runs bulk work that keeps a thread beside the event loop busy. While requests come in no turn is given meanwhile: on two
 * cores, work on both would keep answers waiting for one.
 */
export async function besideTurns<T>(task: () => Promise<T>): Promise<T> {
  elsewhere += 1;
  heldUntil = performance.now() + PATIENCE_MS;
  try {
    return await task();
  } finally {
    elsewhere -= 1;
    schedule();
  }
}

function schedule(): void {
  if (scheduled || waiting.length === 0) return;
  const now = performance.now();
  if (isHeldBack(now)) {
    // A timer may fire a little before its time: it is looked at again.
    patience ??= setTimeout(runOut, Math.ceil(heldUntil - now));
    return;
  }
  scheduled = true;
  setImmediate(giveTurn);
}

function runOut(): void {
  patience = undefined;
  schedule();
}

function isHeldBack(now: number): boolean {
  return elsewhere > 0 && now < heldUntil && now < attentiveUntil;
}

function giveTurn(): void {
  scheduled = false;
  waiting.shift()?.();
  schedule();
}
