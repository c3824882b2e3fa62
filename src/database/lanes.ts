import { AsyncLocalStorage } from 'node:async_hooks';

/** The lanes of the write queue, most urgent first. */
export const LANES = ['live', 'locks', 'backfill', 'maintenance'] as const;

export type Lane = (typeof LANES)[number];

/** The lane of whoever names none, such as an extension's own `writer.transaction()`. */
export const DEFAULT_LANE: Lane = 'live';

const laneContext = new AsyncLocalStorage<Lane>();

/**
 * Runs `work`; every turn at the writer that it asks for is queued in `lane`.
 *
 * @example await inLane('backfill', () => writer.transaction(async (manager) => { … }))
 */
export function inLane<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
  return laneContext.run(lane, work);
}

export function currentLane(): Lane | undefined {
  return laneContext.getStore();
}
