import { setTimeout as delay } from 'node:timers/promises';
import type { Acknowledgement } from './history.js';
import { spin, writerOf } from './proc.js';
import { WorkerProcess, type Report, type StatisticsReport, type WorkerOptions } from './worker-process.js';

const POLL_MS = 5;
/** How long progress may take before it counts as none. Generous: the machines are shared. */
const DEADLINE_MS = 30_000;
/**
 * A worker that was held up loses its leases, one with a wrong clock takes none; and one that was stopped in the middle
 * of a read finds that read too old when it goes on.
 */
const EXPECTED = new Set([
  'lock.lost',
  'lock.clock_skewed',
  'database.reader.interrupted',
  'database.wal.held',
]);

export interface Takeover {
  readonly lease: string;
  readonly fence: number;
  /** From the fault to the report of the next holder. */
  readonly ms: number;
}

interface Orphan {
  readonly lease: string;
  readonly fence: number;
  readonly since: number;
}

/** Workers on one file, and what they have told. */
export class Fleet {
  readonly acknowledged: Acknowledgement[] = [];
  readonly complaints: string[] = [];
  readonly takeovers: Takeover[] = [];
  /** Of those that ended in good order. */
  readonly statistics: StatisticsReport[] = [];
  workers: WorkerProcess[] = [];
  private orphans: Orphan[] = [];
  private started = 0;

  /** @param environment for all of them, such as `CRYPTOFLOW_LEASE_TTL` */
  constructor(
    private readonly options: WorkerOptions,
    private readonly environment: Readonly<Record<string, string>> = {},
  ) {}

  /** Starts one more; does not wait for it. */
  start(
    options: Partial<WorkerOptions> = {},
    environment: Readonly<Record<string, string>> = {},
  ): WorkerProcess {
    const worker = new WorkerProcess(
      (this.started += 1),
      { ...this.options, ...options },
      { ...this.environment, ...environment },
      (from, report) => this.hear(from, report),
    );
    void worker.exited.then(() => {
      if (this.workers.includes(worker))
        this.complaints.push(`worker ${worker.number} ended by itself: ${worker.how}`);
    });
    this.workers.push(worker);
    return worker;
  }

  /** The workers that have started up. */
  get ready(): WorkerProcess[] {
    return this.workers.filter(({ isReady }) => isReady);
  }

  /** Leases whose holder was killed or stopped, and that nobody has taken yet. */
  get awaited(): number {
    return this.orphans.length;
  }

  /** The worker that is inside a write transaction now. */
  writing(): WorkerProcess | undefined {
    const pid = writerOf(this.options.file);
    return this.workers.find((worker) => worker.pid === pid);
  }

  /** Waits for a worker to be inside a write transaction, lets `intoMs` pass, and freezes it. @returns it, if it still was inside */
  async freezeWriting(intoMs: number): Promise<{ worker: WorkerProcess; inside: boolean }> {
    const worker = await this.until('a write transaction', () => this.writing());
    spin(intoMs);
    worker.freeze();
    return { worker, inside: this.writing() === worker };
  }

  /** SIGKILL, also to one that is frozen. Its leases are awaited from now on. */
  async kill(worker: WorkerProcess): Promise<void> {
    this.expectTakeover(worker);
    await this.end(worker, 'SIGKILL');
  }

  /** SIGTERM for one: its leases are given back, and not awaited. */
  async retire(worker: WorkerProcess): Promise<void> {
    await this.end(worker, 'SIGTERM');
  }

  /** Whoever takes a lease of this worker's next is timed from now on. */
  expectTakeover(worker: WorkerProcess): void {
    const since = performance.now();
    for (const [lease, fence] of worker.held) this.orphans.push({ lease, fence, since });
  }

  /** SIGTERM: it finishes what it does, tells its statistics, and closes its file. */
  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => this.retire(worker)));
  }

  /** Ends all that is left, at the end of a test. */
  async destroy(): Promise<void> {
    await Promise.all(this.workers.map((worker) => this.end(worker, 'SIGKILL')));
  }

  /** Waits for so many more acknowledgements. */
  progress(by: number): Promise<unknown> {
    const goal = this.acknowledged.length + by;
    return this.until(`${by} more commits`, () => this.acknowledged.length >= goal);
  }

  /** Polls a condition; fails at the first complaint of a worker, or when the time is up. */
  async until<T>(what: string, probe: () => T | undefined | null | false): Promise<T> {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      if (this.complaints.length > 0) throw new Error(`before ${what}: ${this.complaints.join('\n')}`);
      const found = probe();
      if (found !== undefined && found !== null && found !== false) return found;
      if (performance.now() > end) throw new Error(`timed out waiting for ${what}`);
      await delay(POLL_MS);
    }
  }

  private async end(worker: WorkerProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.workers = this.workers.filter((other) => other !== worker);
    await worker.end(signal);
  }

  private hear(worker: WorkerProcess, { acknowledged, acquired, complaint, statistics }: Report): void {
    if (acknowledged) this.acknowledged.push(acknowledged);
    if (statistics) this.statistics.push(statistics);
    if (acquired) this.adopt(acquired.lease, acquired.fence);
    if (complaint && !EXPECTED.has(complaint.event))
      this.complaints.push(`worker ${worker.number}: ${JSON.stringify(complaint)}`);
  }

  private adopt(lease: string, fence: number): void {
    const taken = this.orphans.find((orphan) => orphan.lease === lease && orphan.fence < fence);
    if (!taken) return;
    this.orphans = this.orphans.filter((orphan) => orphan !== taken);
    this.takeovers.push({ lease, fence: taken.fence, ms: performance.now() - taken.since });
  }
}
