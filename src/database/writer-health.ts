import type { Clock } from '../common/clock.js';
import { Observed } from '../common/observed.js';
import { DatabaseRefusedError } from './database-errors.js';

export interface WriterState {
  /** `stopped` is for good: the file is damaged, and a restart without a repair finds it so again. */
  readonly state: 'ok' | 'degraded' | 'stopped';
  /** SQLite's result code of the failure that led here. */
  readonly code: string | null;
  /** Unix ms. */
  readonly since: number;
}

/** Whether writing works, and every change of that. Reading goes on in every state. */
export class WriterHealth extends Observed<WriterState> {
  private current: WriterState;

  constructor(private readonly clock: Clock) {
    super();
    this.current = { state: 'ok', code: null, since: clock.now() };
  }

  get state(): WriterState {
    return this.current;
  }

  /** A transaction was committed. */
  succeeded(): void {
    if (this.current.state === 'degraded') this.become('ok', null);
  }

  failed(kind: 'degraded' | 'stop', code: string): void {
    if (this.current.state === 'stopped') return;
    if (kind === 'stop') this.become('stopped', code);
    else if (this.current.state === 'ok') this.become('degraded', code);
  }

  /** @throws DatabaseRefusedError `DATABASE_DAMAGED` once writing has been stopped */
  assertNotStopped(): void {
    if (this.current.state !== 'stopped') return;
    throw new DatabaseRefusedError(
      'DATABASE_DAMAGED',
      `writing has stopped: SQLite found the file damaged (${this.current.code}). Stop the service, and restore a ` +
        'backup or recover the file (https://www.sqlite.org/recovery.html).',
    );
  }

  private become(state: WriterState['state'], code: string | null): void {
    this.current = { state, code, since: this.clock.now() };
    this.tell(this.current);
  }
}
