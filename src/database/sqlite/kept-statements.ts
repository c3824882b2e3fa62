import type sqlite3 from 'sqlite3';

/** Statements that a connection keeps. */
const MAX_KEPT = 48;
/** Texts that are remembered as having been run once. */
const MAX_SEEN = 200;
/** What changes nothing, and may be run beside another statement of the same connection. */
const READS = /^\s*(?:SELECT|WITH|PRAGMA data_version)\b/i;

/**
 * Prepared statements of one connection that reads: preparing takes a turn of a thread of its own, and as long as many a
 * query does. A statement is kept from its second run on, so that what is asked but once costs nothing more.
 */
export class KeptStatements {
  private readonly kept = new Map<string, sqlite3.Statement>();
  private readonly seen = new Set<string>();

  constructor(private readonly handle: sqlite3.Database) {}

  /** @returns null where the statement is not to be kept, or not yet */
  get(sql: string): sqlite3.Statement | null {
    const known = this.kept.get(sql);
    if (known) {
      // The one that was used longest ago goes first.
      this.kept.delete(sql);
      this.kept.set(sql, known);
      return known;
    }
    if (!READS.test(sql)) return null;
    if (!this.seen.delete(sql)) {
      if (this.seen.size >= MAX_SEEN) this.seen.clear();
      this.seen.add(sql);
      return null;
    }
    return this.keep(sql);
  }

  /** Without this the connection cannot be closed. */
  async finalize(): Promise<void> {
    const statements = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(
      statements.map((statement) => new Promise<void>((resolve) => statement.finalize(() => resolve()))),
    );
  }

  private keep(sql: string): sqlite3.Statement {
    const statement = this.handle.prepare(sql, (error: Error | null) => {
      // Whoever runs it is told; it is of no further use.
      if (error && this.kept.get(sql) === statement) this.kept.delete(sql);
    });
    this.kept.set(sql, statement);
    if (this.kept.size > MAX_KEPT) {
      const [oldest] = this.kept.keys();
      this.kept.get(oldest!)!.finalize();
      this.kept.delete(oldest!);
    }
    return statement;
  }
}
