import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Observed } from '../common/observed.js';
import { DataVersion } from '../database/sqlite/data-version.js';
import { SELECT_CHANGES, toChange, type Change, type ChangeRow } from './change-log.js';

/**
 * `changes`: what has changed, in the order of the commits. `lost`: more than is still known of, so anything may have.
 * `commit`: something was committed, of which the others have told what they can.
 */
export type FeedEvent =
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'lost' }
  | { readonly kind: 'commit' };

const PAGE = 1000;
const NEWEST = `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change_log'), 0) AS id`;
const AFTER = `${SELECT_CHANGES} WHERE id > ? ORDER BY id LIMIT ${PAGE}`;

/**
 * Tells what has been committed, by whichever process. It looks only when asked to; a look that finds nothing costs one
 * call on a thread, and those who ask at the same time share one.
 */
@Injectable()
export class ChangeFeed extends Observed<FeedEvent> implements OnApplicationShutdown {
  /** The newest change that was told of. What was before the first look is not. */
  private last: number | undefined;
  private version: number | undefined;
  private looking: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(@Inject(DataVersion) private readonly data: DataVersion) {
    super();
  }

  /** The number of the newest change that has been told of. */
  get position(): number {
    return this.last ?? 0;
  }

  /** Resolves when everything that was committed before this call has been told to the observers. */
  catchUp(): Promise<void> {
    // A look that is under way may have begun before that commit: those who come meanwhile share the one after it.
    if (!this.looking) return this.start();
    const restart = () => {
      this.next = undefined;
      return this.start();
    };
    this.next ??= this.looking.then(restart, restart);
    return this.next;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.data.close();
  }

  private start(): Promise<void> {
    const look = this.look().finally(() => {
      if (this.looking === look) this.looking = undefined;
    });
    this.looking = look;
    return look;
  }

  private async look(): Promise<void> {
    const version = await this.data.read();
    if (version === this.version) return;
    if (this.last === undefined) {
      this.last = await this.newest();
      this.tell({ kind: 'lost' });
    } else {
      await this.tellNew(this.last);
    }
    this.version = version;
    this.tell({ kind: 'commit' });
  }

  private async tellNew(told: number): Promise<void> {
    for (;;) {
      const rows = await this.data.all<ChangeRow>(AFTER, [this.last ?? told]);
      if (rows.length === 0) {
        const newest = await this.newest();
        if (newest <= this.position) return;
        this.last = newest;
        return this.tell({ kind: 'lost' });
      }
      const missed = rows[0]!.id > this.position + 1;
      this.last = rows.at(-1)!.id;
      if (missed) this.tell({ kind: 'lost' });
      this.tell({ kind: 'changes', changes: rows.map(toChange) });
      if (rows.length < PAGE) return;
    }
  }

  private async newest(): Promise<number> {
    const [row] = await this.data.all<{ id: number }>(NEWEST);
    return row!.id;
  }
}
