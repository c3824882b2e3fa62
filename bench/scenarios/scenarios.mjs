import { figure } from '../support/results.mjs';
import { ablations } from './ablations.mjs';
import { blockingCheckpoint, passiveCheckpoint } from './checkpoints.mjs';
import { backfillCollision, besideTheReported, concurrentSync, sharedConnection } from './collisions.mjs';

/**
 * The three reported scenarios under the reported configuration and under CryptoFlow, then what each reported fix is
 * worth alone.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 * @returns {Promise<import('../support/results.mjs').Report>}
 */
export async function scenarios({ timeScale, scenarioRounds: rounds, ablationSeconds }, say) {
  const [holdMs, syncHoldMs, busyTimeout] = [5000 * timeScale, 3000 * timeScale, 2000 * timeScale];

  say(`1: backfill holds the lock for ${holdMs} ms, the API writes in a process of its own`);
  const collision = await backfillCollision({ rounds, holdMs, busyTimeout });
  const beside = await besideTheReported({ holdMs, busyTimeout });
  say('1: on one shared connection');
  const shared = await sharedConnection({ holdMs, busyTimeout });
  say(`2: sync holds the lock for ${syncHoldMs} ms, backfill waits`);
  const sync = await concurrentSync({ rounds, syncHoldMs, busyTimeout });
  say('3: automatic checkpoints');
  const passive = await passiveCheckpoint({ seconds: (2 * holdMs) / 1000, busyTimeout });
  say('3: a blocking checkpoint');
  const blocking = await blockingCheckpoint({ readMs: holdMs, busyTimeout });
  const mixed = await ablations({ seconds: ablationSeconds, holdMs, syncHoldMs, busyTimeout }, say);

  return {
    rows: [...collision, ...beside, ...shared.rows, ...sync, ...passive, ...blocking.rows, ...mixed.rows],
    panels: [mixed.panel],
    notes: [
      `The reported configuration: busy_timeout ${figure(busyTimeout)}, wal_autocheckpoint 1000, rows inserted one by one on a ` +
        `pace that holds the write lock for the reported ${figure(holdMs / 1000)} s (backfill) and ${figure(syncHoldMs / 1000)} s (sync): ` +
        'left to itself this machine is faster. CryptoFlow stores the same pages at its own pace.',
      shared.note,
      blocking.note,
      mixed.note,
    ],
  };
}
