import { Inject, Injectable } from '@nestjs/common';
import { CryptoFlowError } from '../common/errors.js';
import { Semaphore } from '../common/semaphore.js';
import { Config } from '../config/config.js';

export class TooManyBulkReadsError extends CryptoFlowError {
  constructor(most: number) {
    super('TOO_MANY_BULK_READS', `${most} bulk reads are on their way already: ask again in a moment`);
  }
}

/** Bounds the reads that keep a reader busy for long: one reader always remains for the short ones. */
@Injectable()
export class BulkReads {
  private readonly most: number;
  private readonly places: Semaphore;

  constructor(@Inject(Config) { readers }: Pick<Config, 'readers'>) {
    this.most = Math.max(1, readers - 1);
    this.places = new Semaphore(this.most);
  }

  /**
   * Takes a place.
   *
   * @returns what gives it back; only the first call counts
   * @throws TooManyBulkReadsError where none is free
   */
  enter(): () => void {
    let leave = this.places.tryEnter();
    if (!leave) throw new TooManyBulkReadsError(this.most);
    return () => {
      leave?.();
      leave = null;
    };
  }
}
