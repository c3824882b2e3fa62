import { CryptoFlowError } from '../common/errors.js';

/** The lease is somebody else's now, or is about to run out: what was begun under it must not be committed. */
export class LockLostError extends CryptoFlowError {
  constructor(
    readonly lock: string,
    readonly fence: number,
    reason: string,
  ) {
    super('LOCK_LOST', `lost the lease ${lock} (fence ${fence}): ${reason}`);
  }
}
