import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { READER, WRITER } from '../database/names.js';
import { inLane } from '../database/lanes.js';
import { type RenewOptions, LockStore, type LeaseKey, type LockRow } from './lock-store.js';

/** The database's clock in Unix milliseconds. On SQLite that is the clock of the process that asks. */
export const SQL_NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;

const SELECT = `SELECT name, fence, holder, acquired_at AS acquiredAt, renewed_at AS renewedAt, expires_at AS expiresAt,
  expires_at > ${SQL_NOW} AS held, ${SQL_NOW} AS now FROM job_lock`;

const ACQUIRE = `INSERT INTO job_lock (name, fence, holder, acquired_at, renewed_at, expires_at)
  VALUES (?, 1, ?, ${SQL_NOW}, ${SQL_NOW}, ${SQL_NOW} + ?)
  ON CONFLICT (name) DO UPDATE SET fence = job_lock.fence + 1, holder = excluded.holder,
    acquired_at = excluded.acquired_at, renewed_at = excluded.renewed_at, expires_at = excluded.expires_at
  WHERE (job_lock.expires_at <= ${SQL_NOW} AND job_lock.not_before <= ${SQL_NOW})
    OR (job_lock.holder = ? AND job_lock.fence = ?)
  RETURNING fence`;

const RENEW = `UPDATE job_lock SET renewed_at = ${SQL_NOW}, expires_at = ${SQL_NOW} + ?
  WHERE name = ? AND holder = ? AND fence = ? RETURNING fence`;

// Clearing the holder keeps the renewal of a straggler from reviving the lease.
const RELEASE = `UPDATE job_lock SET holder = '', expires_at = 0, not_before = acquired_at + ?
  WHERE name = ? AND holder = ? AND fence = ?`;

interface Row extends Omit<LockRow, 'held'> {
  readonly held: 0 | 1;
}

/** Reads leases on a reader connection: for those who only look. */
export async function listLeases(reader: DataSource): Promise<LockRow[]> {
  const rows = await reader.query<Row[]>(`${SELECT} ORDER BY name`);
  return rows.map((row) => ({ ...row, held: row.held === 1 }));
}

@Injectable()
export class SqliteLockStore extends LockStore {
  constructor(
    @InjectDataSource(WRITER) private readonly writer: DataSource,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {
    super();
  }

  list(): Promise<LockRow[]> {
    return listLeases(this.reader);
  }

  async find(name: string): Promise<LockRow | null> {
    const [row] = await this.reader.query<Row[]>(`${SELECT} WHERE name = ?`, [name]);
    return row ? { ...row, held: row.held === 1 } : null;
  }

  async acquire(name: string, holder: string, ttlMs: number, dead?: LeaseKey): Promise<number | null> {
    const parameters = [name, holder, ttlMs, dead?.holder ?? '', dead?.fence ?? -1];
    const [row] = await inLane('locks', () =>
      this.writer.query<Array<{ fence: number }>>(ACQUIRE, parameters),
    );
    return row?.fence ?? null;
  }

  async renew(lease: LeaseKey, ttlMs: number, { manager, signal }: RenewOptions = {}): Promise<boolean> {
    const parameters = [ttlMs, lease.name, lease.holder, lease.fence];
    const renew = async (own: EntityManager) => {
      // Asked inside: by the time that the lock of the file was to be had, it may have been given up.
      signal?.throwIfAborted();
      return (await own.query<unknown[]>(RENEW, parameters)).length === 1;
    };
    if (manager) return renew(manager);
    return inLane('locks', () => this.writer.transaction(renew), { signal });
  }

  async release(lease: LeaseKey, minHoldMs: number): Promise<void> {
    const parameters = [minHoldMs, lease.name, lease.holder, lease.fence];
    await inLane('locks', () => this.writer.query(RELEASE, parameters));
  }
}
