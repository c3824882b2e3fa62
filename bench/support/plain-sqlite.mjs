import sqlite3 from 'sqlite3';

/** The `sqlite3` package as it comes, with promises: what the service that is replaced was made of. */
export class PlainSqlite {
  /** @param {sqlite3.Database} handle */
  constructor(handle) {
    this.handle = handle;
  }

  /**
   * @param {string} file
   * @param {{ busyTimeout?: number, autocheckpoint?: number }} [pragmas] SQLite's own defaults, unless given
   */
  static async open(file, { busyTimeout = 0, autocheckpoint = 1000 } = {}) {
    const handle = await new Promise((resolve, reject) => {
      const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
    });
    const plain = new PlainSqlite(handle);
    await plain.all(`PRAGMA busy_timeout = ${busyTimeout}`);
    await plain.all('PRAGMA journal_mode = WAL');
    await plain.all('PRAGMA synchronous = NORMAL');
    await plain.all(`PRAGMA wal_autocheckpoint = ${autocheckpoint}`);
    return plain;
  }

  /**
   * @param {string} sql
   * @param {any[]} [parameters]
   * @returns {Promise<any[]>}
   */
  all(sql, parameters = []) {
    return new Promise((resolve, reject) =>
      this.handle.all(sql, parameters, (error, rows) => (error ? reject(error) : resolve(rows))),
    );
  }

  /**
   * A prepared statement.
   *
   * @param {string} sql
   * @returns {Promise<{ run: (parameters: any[]) => Promise<void>, end: () => Promise<void> }>}
   */
  prepare(sql) {
    return new Promise((resolve, reject) => {
      const statement = this.handle.prepare(sql, (/** @type {Error | null} */ failure) => {
        if (failure) return reject(failure);
        resolve({
          run: (parameters) =>
            new Promise((done, fail) => statement.run(parameters, (error) => (error ? fail(error) : done()))),
          end: () => new Promise((done) => statement.finalize(() => done(undefined))),
        });
      });
    });
  }

  /** @returns {Promise<void>} */
  close() {
    return new Promise((resolve, reject) =>
      this.handle.close((error) => (error ? reject(error) : resolve())),
    );
  }
}

/** Frames that the WAL holds, in MiB. The file's own size only tells the most it ever held. @param {PlainSqlite} sqlite */
export async function walMib(sqlite) {
  const [state] = await sqlite.all('PRAGMA wal_checkpoint(NOOP)');
  return Math.max(0, (state.log * (4096 + 24)) / 2 ** 20);
}
