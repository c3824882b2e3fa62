import { AsyncLocalStorage } from 'node:async_hooks';

/** The lanes of the write queue, most urgent first. */
export const LANES = ['live', 'locks', 'backfill', 'maintenance'] as const;

export type Lane = (typeof LANES)[number];

/** The lane of whoever names none, such as an extension's own `writer.transaction()`. */
export const DEFAULT_LANE: Lane = 'live';

/** Lanes of work that comes in bulk and can wait: they are paused, and leave gaps, for the sake of others. */
export const BULK_LANES: ReadonlySet<Lane> = new Set<Lane>(['backfill', 'maintenance']);

export interface LaneOptions {
  /** Gives up the wait for a turn when it aborts. A turn that has begun is not cut short. */
  readonly signal?: AbortSignal | undefined;
  /** Of bulk work: whether to wait for the end of a pause, which may be long, or to fail with `BULK_PAUSED`. */
  readonly ifPaused?: 'wait' | 'fail' | undefined;
}

interface LaneContext extends LaneOptions {
  readonly lane: Lane;
}

const laneContext = new AsyncLocalStorage<LaneContext>();

/**
 * Runs `work`; every turn at the writer that it asks for is queued in `lane`.
 *
 * @example await inLane('backfill', () => writer.transaction(async (manager) => { … }), { signal })
 */
export function inLane<T>(lane: Lane, work: () => Promise<T>, options: LaneOptions = {}): Promise<T> {
  return laneContext.run({ lane, ...options }, work);
}

export function currentLane(): LaneContext {
  return laneContext.getStore() ?? { lane: DEFAULT_LANE };
}
