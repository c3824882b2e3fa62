import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Acknowledgement } from './history.js';
import { isStopped } from './proc.js';

const SCRIPT = resolve('test/support/fault/fenced-worker.mjs');

export interface LeaseReport {
  readonly lease: string;
  readonly fence: number;
}

export interface StatisticsReport {
  readonly busy: { readonly begin: number; readonly unexpected: number };
  readonly timeouts: number;
  readonly locks: { readonly takenOver: number; readonly fencedOff: number; readonly lost: number };
}

/** One line that a worker wrote: an object with one of these. */
export interface Report {
  readonly ready?: { readonly holder: string };
  readonly acquired?: LeaseReport;
  readonly lost?: LeaseReport;
  readonly released?: LeaseReport;
  readonly acknowledged?: Acknowledgement;
  readonly statistics?: StatisticsReport;
  /** Of `pruning-process.mjs`: a run of retention is over. */
  readonly pruned?: { readonly slot: number; readonly rows: number };
  readonly complaint?: { readonly level: string; readonly event: string; readonly error?: string };
}

/** What a worker may be told. */
export interface WorkerOptions {
  /** The database: a file, or the address of a server for a script that wants one. */
  readonly file: string;
  /** `fenced-worker.mjs` unless given. */
  readonly script?: string;
  readonly leases?: number;
  readonly origin?: number;
  readonly only?: number;
  readonly lane?: 'live' | 'backfill';
  readonly rows?: readonly [number, number];
  readonly pauseMs?: number;
  readonly turns?: number;
  readonly runs?: number;
  /** For `postgres-worker.mjs`, in milliseconds. */
  readonly ttlMs?: number;
  readonly idleMs?: number;
}

/** A real process that commits under leases until it is ended. */
export class WorkerProcess {
  /** The leases it said it holds, with their fences. */
  readonly held = new Map<string, number>();
  readonly reports: Report[] = [];
  readonly exited: Promise<void>;
  hasExited = false;
  /** Its exit code, or the signal that ended it. */
  how = '';
  private readonly child: ChildProcess;

  constructor(
    readonly number: number,
    options: WorkerOptions,
    environment: Readonly<Record<string, string>>,
    private readonly heard: (worker: WorkerProcess, report: Report) => void,
  ) {
    this.child = spawn(process.execPath, [options.script ?? SCRIPT, JSON.stringify({ ...options, number })], {
      env: { PATH: process.env['PATH'], UV_THREADPOOL_SIZE: '8', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) =>
      this.hear(JSON.parse(line) as Report),
    );
    this.exited = new Promise((resolve) => {
      // `close`, and not `exit`: by then all that it told has arrived.
      this.child.on('close', (code, signal) => {
        this.how = signal ?? `exit ${code}`;
        this.hasExited = true;
        resolve();
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isReady(): boolean {
    return this.reports.some(({ ready }) => ready);
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** SIGSTOP; returns once every thread of it stands still. */
  freeze(): void {
    this.send('SIGSTOP');
    while (!isStopped(this.pid));
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.send(signal);
    await this.exited;
  }

  private hear(report: Report): void {
    const { acquired, lost, released } = report;
    if (acquired) this.held.set(acquired.lease, acquired.fence);
    if (lost) this.held.delete(lost.lease);
    if (released) this.held.delete(released.lease);
    if (!report.acknowledged) this.reports.push(report);
    this.heard(this, report);
  }
}
