import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { hostname } from 'node:os';
import { Clock } from '../common/clock.js';
import { formatTime } from '../common/time.js';
import { Config } from '../config/config.js';
import { LockStatistics } from '../database/lock-statistics.js';
import { lockHolders } from '../database/sqlite/lock-holders.js';
import { Log } from '../logging/log.js';
import { Webhook } from './webhook.js';

const LOOK_EVERY_MS = 10_000;

/** What is logged, and posted to `CRYPTOFLOW_ALERT_WEBHOOK`. */
export interface LockAlertMessage {
  readonly alert: 'lock_timeouts';
  readonly state: 'firing' | 'resolved';
  /** Lock timeouts of this process in the last hour, and how many are let pass. */
  readonly timeoutsLastHour: number;
  readonly threshold: number;
  readonly host: string;
  readonly pid: number;
  /** Process inside a write transaction at this moment: most likely the one that was waited for. */
  readonly writerPid: number | null;
  /** ISO 8601. */
  readonly at: string;
  /** The same for people: what chat services show of a webhook. */
  readonly text: string;
}

/** Raises an alert when more lock timeouts than the threshold lie within the last hour, and clears it when they have passed. */
@Injectable()
export class LockAlert implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly webhook: Webhook | null;
  private firing = false;
  private stopLooking: (() => void) | undefined;
  private stopListening: (() => void) | undefined;

  constructor(
    @Inject(LockStatistics) private readonly statistics: LockStatistics,
    @Inject(Config) private readonly config: Config,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    const { webhook } = config.alerts;
    this.webhook = webhook === null ? null : new Webhook(webhook, clock, log, this.stopping.signal);
  }

  onApplicationBootstrap(): void {
    this.stopListening = this.statistics.observe(({ kind }) => {
      if (kind === 'timeout') this.look();
    });
    this.stopLooking = this.clock.every(LOOK_EVERY_MS, () => this.look());
    this.look();
  }

  beforeApplicationShutdown(): void {
    this.stopListening?.();
    this.stopLooking?.();
    this.stopping.abort(new Error('the process is stopping'));
  }

  /** The state is settled before anything is awaited: each change is told once. */
  private look(): void {
    const { timeoutsLastHour } = this.statistics;
    const firing = timeoutsLastHour > this.config.alerts.lockTimeouts;
    if (firing === this.firing) return;
    this.firing = firing;
    void this.tell(firing ? 'firing' : 'resolved', timeoutsLastHour);
  }

  private async tell(state: LockAlertMessage['state'], timeoutsLastHour: number): Promise<void> {
    const at = formatTime(this.clock.now());
    const threshold = this.config.alerts.lockTimeouts;
    const writerPid = (await lockHolders(this.config.database.file))?.writer ?? null;
    const figures = { timeoutsLastHour, threshold, host: hostname(), pid: process.pid, writerPid };
    this.log[state === 'firing' ? 'error' : 'info']('alert.lock_timeouts', { state, ...figures });
    const text =
      `CryptoFlow on ${figures.host} (pid ${figures.pid}): lock timeouts in the last hour: ${timeoutsLastHour}; ` +
      `let pass: ${threshold}; ${state}`;
    const message: LockAlertMessage = { alert: 'lock_timeouts', state, ...figures, at, text };
    this.webhook?.post(message);
  }
}
