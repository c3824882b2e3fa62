import type { Clock } from '../common/clock.js';
import { formatTime } from '../common/time.js';
import type { FileReport, RowCounts } from '../importing/file-report.js';
import type { FoundFile } from '../importing/find-files.js';
import type { ImportObserver } from '../importing/importer.js';
import { EXIT } from './command.js';
import { ProgressBar, type Output } from './progress-bar.js';
import { formatSpan } from './time-left.js';

const count = new Intl.NumberFormat('en-US');

/** Tells on a terminal, or in plain lines, what an import does. */
export class ImportScreen implements ImportObserver {
  private readonly bar: ProgressBar;
  private readonly started: number;
  private readonly bytes: number;
  private readonly outcomes: Record<FileReport['outcome'], number> = {
    complete: 0,
    imported: 0,
    checked: 0,
    refused: 0,
    failed: 0,
  };
  private bytesDone = 0;
  private stored = 0;
  private refusedRows = 0;
  private differing = 0;

  constructor(
    files: readonly FoundFile[],
    private readonly output: Output,
    errorOutput: Output,
    private readonly clock: Clock,
  ) {
    this.bytes = Math.max(
      1,
      files.reduce((sum, { size }) => sum + size, 0),
    );
    this.bar = new ProgressBar(errorOutput, clock);
    this.started = clock.monotonic();
  }

  progress({ path, size }: FoundFile, done: number): void {
    this.bar.show(Math.min(1, (this.bytesDone + size * done) / this.bytes), path);
  }

  ended(file: FoundFile, report: FileReport): void {
    this.bytesDone += file.size;
    this.outcomes[report.outcome] += 1;
    if ('rows' in report) {
      this.stored += report.rows.stored;
      this.refusedRows += report.rows.refused;
      this.differing += report.rows.differing;
    }
    this.bar.clear();
    for (const line of describe(file.path, report)) this.output.write(`${line}\n`);
  }

  summarise(): void {
    const ms = this.clock.monotonic() - this.started;
    const { complete, imported, checked, refused, failed } = this.outcomes;
    const files = complete + imported + checked + refused + failed;
    const rate =
      this.stored === 0 ? '' : ` (${count.format(Math.round((this.stored / ms) * 1000))} a second)`;
    this.bar.clear();
    this.output.write(
      `${plural(files, 'file')}: ${plural(this.stored, 'candle')} stored in ${formatSpan(ms)}${rate}` +
        `${complete > 0 ? `, ${count.format(complete)} complete before` : ''}` +
        `${failed > 0 ? `, ${count.format(failed)} failed` : ''}` +
        `${refused > 0 ? `, ${count.format(refused)} refused` : ''}` +
        `${this.refusedRows > 0 ? `, ${plural(this.refusedRows, 'row')} refused` : ''}` +
        `${checked > 0 ? `, ${plural(this.differing, 'difference')}` : ''}\n`,
    );
  }

  interrupted(): void {
    this.bar.clear();
    this.output.write('Stopped. What was stored is kept: run the same command again to go on.\n');
  }

  get exitCode(): number {
    if (this.outcomes.failed > 0 || this.differing > 0) return EXIT.failed;
    return this.outcomes.refused > 0 || this.refusedRows > 0 ? EXIT.refused : EXIT.ok;
  }
}

function describe(path: string, report: FileReport): string[] {
  switch (report.outcome) {
    case 'complete':
      return [`${path}: all of it is there already`];
    case 'refused':
    case 'failed':
      return [`${path}: ${report.outcome}: ${report.reason}`];
    case 'imported': {
      const { rows, short } = report;
      const had = rows.had === 0 ? '' : `, ${count.format(rows.had)} there already`;
      return [`${path}: ${plural(rows.stored, 'candle')} stored${had}`, ...wanting(short), ...refusals(rows)];
    }
    case 'checked': {
      const { rows } = report;
      const figures = [`${count.format(rows.same)} the same`, `${count.format(rows.differing)} different`];
      return [
        `${path}: ${[...figures, `${count.format(rows.absent)} not stored`].join(', ')}`,
        ...rows.differences.map(
          ({ file, stored }) =>
            `  ${formatTime(file.openTime)}: ${figuresOf(file)} in the file, ${figuresOf(stored)} stored`,
        ),
        ...refusals(rows),
      ];
    }
  }
}

function wanting(short: number | null): string[] {
  if (short === null || short <= 0) return [];
  return [`  ${plural(short, 'candle')} of its period not in it: left for backfill to ask the exchange for`];
}

function refusals({ refused, refusals }: RowCounts): string[] {
  if (refused === 0) return [];
  return [
    `  ${plural(refused, 'row')} refused${refused > refusals.length ? `, the first ${refusals.length}` : ''}:`,
    ...refusals.map(
      ({ line, reason, text }) => `    ${line === null ? '' : `line ${line}: `}${reason}: ${text}`,
    ),
  ];
}

function figuresOf({
  open,
  high,
  low,
  close,
  volume,
}: Record<'open' | 'high' | 'low' | 'close' | 'volume', string>) {
  return [open, high, low, close, volume].join(' ');
}

function plural(number: number, noun: string): string {
  return `${count.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}
