import { Injectable } from '@nestjs/common';
import { CryptoFlowError } from '../../common/errors.js';
import { Semaphore } from '../../common/semaphore.js';

/** Clients that listen at once, by whichever protocol. */
const MAX_STREAMS = 5000;

export class TooManyStreamsError extends CryptoFlowError {
  constructor() {
    super('TOO_MANY_STREAMS', `${MAX_STREAMS} clients listen already: come back later`);
  }
}

/** Bounds how many listen. */
@Injectable()
export class StreamPlaces {
  private readonly places = new Semaphore(MAX_STREAMS);

  /** Takes a place. @returns what gives it back; only the first call counts. @throws TooManyStreamsError */
  enter(): () => void {
    let leave = this.places.tryEnter();
    if (!leave) throw new TooManyStreamsError();
    return () => {
      leave?.();
      leave = null;
    };
  }
}
