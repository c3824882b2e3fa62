import type { Clock } from '../common/clock.js';
import type { FileReport } from '../importing/file-report.js';
import type { FoundFile } from '../importing/find-files.js';
import type { ImportObserver } from '../importing/importer.js';
import { EXIT } from './command.js';
import { countOf, describeFile, plural } from './import-lines.js';
import { ProgressBar, type Output } from './progress-bar.js';
import { formatSpan } from './time-left.js';

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
    for (const line of describeFile(file.path, report)) this.output.write(`${line}\n`);
  }

  summarise(): void {
    const ms = this.clock.monotonic() - this.started;
    const { complete, failed, refused, checked } = this.outcomes;
    const files = Object.values(this.outcomes).reduce((sum, number) => sum + number, 0);
    const rate = this.stored === 0 ? '' : ` (${countOf(Math.round((this.stored / ms) * 1000))} a second)`;
    const kept = checked > 0 ? '' : ' and kept in quarantine';
    const parts = [
      `${plural(files, 'file')}: ${plural(this.stored, 'candle')} stored in ${formatSpan(ms)}${rate}`,
      ...(complete > 0 ? [`${countOf(complete)} complete before`] : []),
      ...(failed > 0 ? [`${countOf(failed)} failed`] : []),
      ...(refused > 0 ? [`${plural(refused, 'file')} refused`] : []),
      ...(this.refusedRows > 0 ? [`${plural(this.refusedRows, 'row')} refused${kept}`] : []),
      ...(checked > 0 ? [plural(this.differing, 'difference')] : []),
    ];
    this.bar.clear();
    this.output.write(`${parts.join(', ')}\n`);
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
