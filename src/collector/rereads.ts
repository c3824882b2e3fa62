import { Observed } from '../common/observed.js';

/** One answer to a request for candles that had been asked for before. */
export interface Reread {
  readonly exchange: string;
  readonly task: 'repair' | 'settle';
  /** Candles that came where there had been a hole. */
  readonly filled: number;
  /** Open times of which it is known now that nothing was traded. */
  readonly confirmed: number;
  /** Candles that came with other figures than before. */
  readonly revised: number;
}

/** Makes known what comes of asking again. */
export class Rereads extends Observed<Reread> {
  record(reread: Reread): void {
    this.tell(reread);
  }
}
