import { CryptoFlowError } from '../../common/errors.js';
import type { ConnectionLoan, ConnectionSource } from './connection-source.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Up to `size` read-only connections, opened when first needed, lent out first come first served. */
export class ReaderPool implements ConnectionSource {
  readonly beginStatement = 'BEGIN';
  readonly writes = false;

  private readonly idle: SqliteConnection[] = [];
  private readonly waiting: Array<{
    resolve: (loan: ConnectionLoan) => void;
    reject: (error: unknown) => void;
  }> = [];
  private lent = 0;
  private closing: (() => void) | undefined;
  private closed = false;

  /** @param openConnection opens one, ready for use: pragmas set, schema checked */
  constructor(
    readonly size: number,
    private readonly openConnection: () => Promise<SqliteConnection>,
    private readonly eager: boolean,
  ) {}

  async open(): Promise<void> {
    this.closed = false;
    if (this.eager) this.idle.push(await this.openConnection());
  }

  get status(): { readonly size: number; readonly busy: number; readonly waiting: number } {
    return { size: this.size, busy: this.lent, waiting: this.waiting.length };
  }

  acquire(): Promise<ConnectionLoan> {
    if (this.closed)
      return Promise.reject(new CryptoFlowError('DATABASE_CLOSED', 'the reader pool is closed'));
    if (this.lent < this.size) {
      this.lent += 1;
      return this.lend();
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.waiting.splice(0)) {
      reject(new CryptoFlowError('DATABASE_CLOSED', 'the reader pool is closed'));
    }
    if (this.lent > 0) await new Promise<void>((resolve) => (this.closing = resolve));
    await Promise.all(this.idle.splice(0).map((connection) => connection.close()));
  }

  /** Lends one connection; the caller has counted it in `lent`. */
  private async lend(): Promise<ConnectionLoan> {
    try {
      const connection = this.idle.pop() ?? (await this.openConnection());
      return { connection, release: ({ discard = false } = {}) => this.takeBack(connection, discard) };
    } catch (error) {
      this.passOn();
      throw error;
    }
  }

  private async takeBack(connection: SqliteConnection, discard: boolean): Promise<void> {
    if (discard) await connection.close().catch(() => undefined);
    else this.idle.push(connection);
    this.passOn();
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next) {
      this.lend().then(next.resolve, next.reject);
      return;
    }
    this.lent -= 1;
    if (this.lent === 0) this.closing?.();
  }
}
