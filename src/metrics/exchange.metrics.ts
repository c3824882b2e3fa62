import { Inject, Injectable } from '@nestjs/common';
import { BREAKER_STATES } from '../collector/budget/circuit-breaker.js';
import { ExchangeGuards, type ExchangeStatus } from '../collector/budget/exchange-guards.js';
import { Clock } from '../common/clock.js';
import { Instruments, type Sample } from './instruments.js';

/** How it stands with the exchanges: in a process that collects. */
@Injectable()
export class ExchangeMetrics {
  constructor(
    @Inject(Instruments) private readonly instruments: Instruments,
    @Inject(ExchangeGuards) private readonly guards: ExchangeGuards,
    @Inject(Clock) clock: Clock,
  ) {
    const requests = instruments.counter(
      'exchange_requests_total',
      'What became of requests to an exchange: ok, or the code of the error; EXCHANGE_HELD_BACK was not asked',
      ['exchange', 'outcome'],
    );
    guards.observe(({ exchange, outcome }) => requests.inc({ exchange, outcome }));

    this.gauges(
      'exchange_breaker_state',
      '1 for the state of the circuit breaker: closed, open or half-open',
      ['exchange', 'state'],
      ({ exchange, state }) =>
        BREAKER_STATES.map((each) => [{ exchange, state: each }, Number(each === state)]),
    );
    this.gauges(
      'exchange_blocked_seconds',
      'For how long no process may ask the exchange, as it has said; 0 when they may',
      ['exchange'],
      ({ exchange, blocked }) => [
        [{ exchange }, blocked ? Math.max(0, blocked.until - clock.now()) / 1000 : 0],
      ],
    );
    this.gauges(
      'exchange_quota_used_ratio',
      "Used of what the exchange grants in its present window, by its last answer; 0 where it doesn't tell",
      ['exchange'],
      ({ exchange, quotaUsed }) => [[{ exchange }, quotaUsed]],
    );
  }

  private gauges<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
    of: (status: ExchangeStatus) => Array<Sample<Label>>,
  ): void {
    this.instruments.gauges(name, help, labels, async () => {
      const all = await this.guards.status().catch(() => []);
      return all.flatMap(of);
    });
  }
}
