import { Fleet } from '../support/fault/fleet.js';
import { writerOf } from '../support/fault/proc.js';
import type { WorkerProcess } from '../support/fault/worker-process.js';
import { SoakService, type LogLine } from './service.js';

const MARKETS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'DOGE/USDT'];
const COLLECTORS = 2;
const WORKERS = 3;
/** How far back the collectors go: so far that they are at it all the time. */
const BACKFILL = '1500d';
const HEALTH_EVERY_MS = 500;

/** A process that faults are done to. */
export type Member = SoakService | WorkerProcess;

/** What one service said of the write lock when it was asked last. */
interface LockFigures {
  readonly timeouts: number;
  readonly unexpectedBusy: number;
}

interface HealthBody {
  readonly details: {
    readonly locks: { readonly timeoutsTotal: number };
    readonly database: { readonly busy: { readonly unexpected: number } };
  };
}

/** All processes on the file: collectors, an API, and fenced workers. Only the API is spared, so that it can be judged. */
export class Crew {
  readonly symbols: readonly string[] = MARKETS;
  readonly fleet: Fleet;
  readonly api: SoakService;
  collectors: SoakService[];
  readonly services: SoakService[] = [];
  /** Processes that ended otherwise than they were told to. */
  readonly badEnds: string[] = [];
  private readonly figures = new Map<SoakService, LockFigures>();
  private readonly ending = new Set<SoakService>();
  private readonly healthTimer: NodeJS.Timeout;

  constructor(
    readonly file: string,
    readonly ttlMs: number,
  ) {
    this.fleet = new Fleet({ file, pauseMs: 15 }, { CRYPTOFLOW_LEASE_TTL: `${ttlMs}ms` });
    for (let count = 0; count < WORKERS; count += 1) this.fleet.start();
    this.collectors = Array.from({ length: COLLECTORS }, () => this.startService('collector'));
    this.api = this.startService('api');
    this.healthTimer = setInterval(() => void this.askHealth(), HEALTH_EVERY_MS);
  }

  /** Those that are up, and may be killed, stopped or ended. */
  get members(): Member[] {
    return [...this.fleet.ready, ...this.collectors.filter(({ isReady }) => isReady)];
  }

  /** The one that is inside a write transaction now. */
  writing(): Member | undefined {
    const pid = writerOf(this.file);
    return this.members.find((member) => member.pid === pid);
  }

  /** Ends one, and starts another in its place. */
  async replace(member: Member, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (member instanceof SoakService) {
      this.collectors = this.collectors.filter((other) => other !== member);
      await this.endService(member, signal);
      this.collectors.push(this.startService('collector'));
      return;
    }
    await (signal === 'SIGKILL' ? this.fleet.kill(member) : this.fleet.retire(member));
    this.fleet.start();
  }

  /** All but the API, in good order. */
  async stopWriters(): Promise<void> {
    await this.askHealth();
    await Promise.all([
      this.fleet.stop(),
      ...this.collectors.map((service) => this.endService(service, 'SIGTERM')),
    ]);
    this.collectors = [];
  }

  async stopApi(): Promise<void> {
    await this.endService(this.api, 'SIGTERM');
  }

  /** Whatever is left. */
  destroy(): void {
    clearInterval(this.healthTimer);
    for (const process of [...this.fleet.workers, ...this.services]) {
      if (process instanceof SoakService) this.ending.add(process);
      process.send('SIGKILL');
    }
  }

  get lockFigures(): LockFigures {
    const all = [
      ...this.figures.values(),
      ...this.fleet.statistics.map(({ busy, timeouts }) => ({ timeouts, unexpectedBusy: busy.unexpected })),
    ];
    return {
      timeouts: all.reduce((sum, { timeouts }) => sum + timeouts, 0),
      unexpectedBusy: all.reduce((sum, { unexpectedBusy }) => sum + unexpectedBusy, 0),
    };
  }

  get complaints(): LogLine[] {
    return this.services.flatMap(({ complaints }) => complaints);
  }

  private startService(role: 'collector' | 'api'): SoakService {
    const service = new SoakService({
      CRYPTOFLOW_ROLE: role,
      DATABASE_URL: `sqlite:${this.file}`,
      CRYPTOFLOW_MARKETS: MARKETS.map((symbol) => `simulator:${symbol}@1m`).join(' '),
      CRYPTOFLOW_BACKFILL: BACKFILL,
      CRYPTOFLOW_LEASE_TTL: `${this.ttlMs}ms`,
    });
    this.services.push(service);
    void service.exited.then((how) => {
      if (!this.ending.has(service)) this.badEnds.push(`a ${role} ended by itself: ${how}`);
    });
    return service;
  }

  private async endService(service: SoakService, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.ending.add(service);
    const { isReady } = service;
    const how = await service.end(signal);
    // One that is still starting has nothing to give back, and ends as any process does.
    const inOrder = signal === 'SIGTERM' && isReady ? ['exit 0'] : ['exit 0', signal];
    if (!inOrder.includes(how)) this.badEnds.push(`after ${signal}: ${how}`);
  }

  private async askHealth(): Promise<void> {
    const asked = [...this.collectors, this.api].filter(({ isReady }) => isReady);
    await Promise.allSettled(
      asked.map(async (service) => {
        const answer = await fetch(`${service.url}/api/health`, { signal: AbortSignal.timeout(5000) });
        const { details } = (await answer.json()) as HealthBody;
        this.figures.set(service, {
          timeouts: details.locks.timeoutsTotal,
          unexpectedBusy: details.database.busy.unexpected,
        });
      }),
    );
  }
}
