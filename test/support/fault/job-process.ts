import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../fixtures/until.js';
import { atEnd } from '../at-end.js';

const SCRIPT = resolve('test/support/fault/job-process.mjs');

interface Report {
  readonly ready?: object;
  readonly running?: { readonly slot: number; readonly fence: number };
  readonly effect?: { readonly job: string; readonly slot: number };
  readonly ran?: boolean;
  readonly complaint?: { readonly event: string; readonly slot?: number };
}

/** A real process with guarded jobs, killed at the end of the test at the latest. */
export class JobProcess {
  readonly reports: Report[] = [];
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;

  /** @param expression of the job that it is to run by schedule as well */
  constructor(file: string, number: number, expression?: string) {
    const options = [file, `${number}`, ...(expression ? [expression] : [])];
    this.child = spawn(process.execPath, [SCRIPT, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout! }).on('line', (line) =>
      this.reports.push(JSON.parse(line) as Report),
    );
    this.exited = new Promise((resolve) => this.child.on('close', () => resolve()));
    atEnd(() => this.kill());
  }

  /** Waits for it to say something. */
  async said<T>(pick: (report: Report) => T | undefined): Promise<T> {
    await until(() => this.reports.some((report) => pick(report) !== undefined));
    return this.reports.map(pick).find((found) => found !== undefined)!;
  }

  start(run: { slot: number; hang?: boolean }): void {
    this.child.stdin!.write(`${JSON.stringify(run)}\n`);
  }

  /** Runs the job for this slot. @returns whether it was run here */
  async run(slot: number): Promise<boolean> {
    const before = this.answers().length;
    this.start({ slot });
    await until(() => this.answers().length > before);
    return this.answers()[before]!;
  }

  kill(): Promise<void> {
    this.child.kill('SIGKILL');
    return this.exited;
  }

  private answers(): boolean[] {
    return this.reports.flatMap(({ ran }) => ran ?? []);
  }
}
