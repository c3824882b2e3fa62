import type sqlite3 from 'sqlite3';

/** Statements that a connection keeps. */
const MAX_KEPT = 48;
/** Texts that are remembered as having been run once. */
const MAX_SEEN = 200;
/** What changes nothing, and may be run beside another statement of the same connection. */
const READS = /^\s*(?:SELECT|WITH|PRAGMA data_version)\b/i;

/** Told what came of it, or of what went wrong. */
type Done<Row> = (error: Error | null, rows: Row[]) => void;

/**
 * Prepared statements of one connection that reads: preparing takes a turn of a thread of its own, and as long as many a
 * query does. A statement is kept from its second run on, so that what is asked but once costs nothing more.
 */
export class KeptStatements {
  private readonly kept = new Map<string, sqlite3.Statement>();
  private readonly seen = new Set<string>();
  private ended = false;

  constructor(private readonly handle: sqlite3.Database) {}

  /** Runs a statement and hands over its rows. */
  all<Row>(sql: string, parameters: unknown[], done: Done<Row>): void {
    const known = this.kept.get(sql);
    if (known) {
      // The one that was used longest ago goes first.
      this.kept.delete(sql);
      this.kept.set(sql, known);
      known.all<Row>(parameters, done);
    } else if (this.isKnownToReturn(sql)) {
      this.prepare(sql, parameters, done);
    } else {
      this.handle.all<Row>(sql, parameters, done);
    }
  }

  /** Keeps nothing any more: with a statement that is kept, the connection cannot be closed. */
  async finalize(): Promise<void> {
    this.ended = true;
    const statements = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(
      statements.map((statement) => new Promise<void>((resolve) => statement.finalize(() => resolve()))),
    );
  }

  private isKnownToReturn(sql: string): boolean {
    if (this.ended || !READS.test(sql)) return false;
    if (this.seen.delete(sql)) return true;
    if (this.seen.size >= MAX_SEEN) this.seen.clear();
    this.seen.add(sql);
    return false;
  }

  /** Nothing may be asked of a statement before it is prepared: where that fails, `sqlite3` forgets what waits for it. */
  private prepare<Row>(sql: string, parameters: unknown[], done: Done<Row>): void {
    const statement = this.handle.prepare(sql, (error: Error | null) => {
      if (error) return done(error, []);
      statement.all<Row>(parameters, done);
      // Another may have been prepared meanwhile, or the connection be about to be closed.
      if (this.ended || this.kept.has(sql)) statement.finalize();
      else this.keep(sql, statement);
    });
  }

  private keep(sql: string, statement: sqlite3.Statement): void {
    this.kept.set(sql, statement);
    if (this.kept.size <= MAX_KEPT) return;
    const [oldest] = this.kept.keys();
    this.kept.get(oldest!)!.finalize();
    this.kept.delete(oldest!);
  }
}
