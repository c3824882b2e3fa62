import type { SqliteConnection } from './sqlite-connection.js';

/**
 * A read-only connection of its own that tells whether anybody has committed: another connection of this process or of
 * another one. SQLite counts that for each connection by itself (`PRAGMA data_version`), so it is not one of the pool.
 */
export class DataVersion {
  private connection: Promise<SqliteConnection> | undefined;
  private closed = false;

  constructor(private readonly open: () => Promise<SqliteConnection>) {}

  /** A number that differs from the one before where something was committed in between. */
  async read(): Promise<number> {
    const [row] = await this.all<{ data_version: number }>('PRAGMA data_version');
    return row!.data_version;
  }

  /** Runs a query on the same connection: it sees at least what the last `read` told of. */
  async all<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const connection = await this.connect();
    return connection.all<Row>(sql, parameters);
  }

  async close(): Promise<void> {
    this.closed = true;
    const connection = await this.connection?.catch(() => undefined);
    this.connection = undefined;
    await connection?.close();
  }

  private connect(): Promise<SqliteConnection> {
    if (this.closed) return Promise.reject(new Error('the connection is closed'));
    this.connection ??= this.open();
    this.connection.catch(() => (this.connection = undefined));
    return this.connection;
  }
}
