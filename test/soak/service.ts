import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { isStopped } from '../support/fault/proc.js';

const ENTRY = resolve('bin/cryptoflow.cjs');

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: number;
  readonly event: string;
}

/** One process of the built service. */
export class SoakService {
  /** Lines of level warn and above. */
  readonly complaints: LogLine[] = [];
  readonly exited: Promise<string>;
  url = '';
  private readonly child: ChildProcess;

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [ENTRY, 'serve'], {
      env: { PATH: process.env['PATH'], PORT: '0', LOG_FORMAT: 'json', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.hear(line));
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      this.complaints.push({ level: 60, event: 'stderr', line });
    });
    this.exited = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve(signal ?? `exit ${code}`));
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isReady(): boolean {
    return this.url !== '';
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** SIGSTOP; returns once every thread of it stands still. */
  freeze(): void {
    this.send('SIGSTOP');
    while (!isStopped(this.pid));
  }

  /** @returns how it ended: `exit 0`, `SIGKILL`, … */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
    this.send(signal);
    return this.exited;
  }

  private hear(line: string): void {
    if (!line.startsWith('{')) return;
    const entry = JSON.parse(line) as LogLine;
    if (entry.event === 'service.listening') this.url = String(entry['url']);
    if (entry.level >= 40) this.complaints.push(entry);
  }
}
