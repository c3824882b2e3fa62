import type { ReadFigures } from './reads.js';

export interface SoakReport {
  readonly minutes: number;
  readonly seed: number;
  readonly ttlMs: number;
  readonly faults: ReadonlyMap<string, { readonly count: number; readonly inside: number }>;
  readonly commits: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly workerCandles: number;
  readonly comparedCandles: number;
  readonly lockErrors: readonly string[];
  readonly timeouts: number;
  readonly unexpectedBusy: number;
  readonly reads: ReadFigures;
  readonly takeovers: number;
  readonly worstTakeoverMs: number;
  readonly walMaximum: number;
  /** Warnings of the services, by event. */
  readonly warnings: ReadonlyMap<string, number>;
  readonly violations: readonly string[];
}

const MIB = 1024 * 1024;
const ms = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} ms` : '-');

/** The report as Markdown. */
export function renderReport(report: SoakReport): string {
  const { reads, violations } = report;
  const figures: Array<[string, string | number]> = [
    ['duration', `${report.minutes.toFixed(1)} minutes`],
    ['seed', report.seed],
    ['life of a lease', ms(report.ttlMs)],
    ['commits of fenced workers', report.commits],
    ['of those acknowledged', report.acknowledged],
    ['acknowledged and lost', report.lost],
    ['candles of fenced workers', report.workerCandles],
    ['candles of the collectors, compared through the API', report.comparedCandles],
    ['lock errors that surfaced', report.lockErrors.length],
    ['lock timeouts', report.timeouts],
    ['BUSY inside a transaction', report.unexpectedBusy],
    ['takeovers timed', report.takeovers],
    ['worst takeover', ms(report.worstTakeoverMs)],
    ['reads served', reads.served],
    ['reads failed', reads.failed.length],
    ['reads p50 / p99 / max', `${ms(reads.p50)} / ${ms(reads.p99)} / ${ms(reads.max)}`],
    ['largest WAL', `${(report.walMaximum / MIB).toFixed(1)} MiB`],
  ];
  const faults = [...report.faults].map(([name, { count, inside }]): [string, number, number] => [
    name,
    count,
    inside,
  ]);
  const total = (place: 1 | 2) => faults.reduce((sum, row) => sum + row[place], 0);
  return [
    '# Soak run',
    '',
    table(['', ''], figures),
    '',
    table(['fault', 'times', 'inside a write transaction'], [...faults, ['all', total(1), total(2)]]),
    '',
    'Lock errors are lines of any process, of level warn and above, that speak of `SQLITE_BUSY`, `SQLITE_LOCKED` or',
    '`WRITE_LOCK_TIMEOUT`. Lock timeouts and BUSY inside a transaction are the counters of all processes: of a service',
    'as its health told them last (asked twice a second), of a worker as it told them at its end, unless it was killed.',
    '',
    `Other warnings: ${[...report.warnings].map(([event, count]) => `${event} (${count})`).join(', ') || 'none'}.`,
    '',
    violations.length === 0 ? '**No violation.**' : `**${violations.length} violations:**`,
    ...violations.slice(0, 50).map((violation) => `- ${violation}`),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
  const line = (cells: ReadonlyArray<string | number>) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
