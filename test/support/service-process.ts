import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atEnd, workDirectory } from './at-end.js';

export const ENTRY = fileURLToPath(new URL('../../bin/cryptoflow.cjs', import.meta.url));
/** How long anything may take that a test waits for. Generous: the machines are shared. */
const DEADLINE_MS = 75_000;
const POLL_MS = 20;

/** Pino's levels, as numbers in the log. */
export const WARN = 40;

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: number;
  readonly event: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** As it was sent. */
  readonly text: string;
  /** Parsed; undefined where the body is not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly body: any;
}

export interface ServiceOptions {
  /** All that the process gets besides `PATH` and `PORT=0`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its working directory, where the default `DATABASE_URL` makes `data/cryptoflow.db`; a new one unless given. */
  readonly directory?: string;
  /** `serve` unless given. */
  readonly command?: readonly string[];
  /** Runs as this user; only root may ask for it. */
  readonly user?: number;
}

/** One real process of the built service, killed at the end of the test at the latest. */
export class ServiceProcess {
  /** Everything it has written to standard output and standard error so far. */
  output = '';
  stderr = '';
  readonly log: LogLine[] = [];
  readonly directory: string;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  private readonly child: ChildProcess;
  private rest = '';

  private constructor({ environment = {}, directory, command = ['serve'], user }: ServiceOptions) {
    this.directory = directory ?? workDirectory();
    this.child = spawn(process.execPath, [ENTRY, ...command], {
      cwd: this.directory,
      env: { PATH: process.env['PATH'], PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user !== undefined && { uid: user, gid: user }),
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => this.heard(text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => {
      // `close`, and not `exit`: by then all output has arrived.
      this.child.on('close', (code, signal) => resolve((this.exit = { code, signal })));
    });
    atEnd(() => this.kill());
  }

  /** Starts it and does not wait. */
  static spawn(options: ServiceOptions = {}): ServiceProcess {
    return new ServiceProcess(options);
  }

  /** Starts it and waits until it listens. */
  static async start(options: ServiceOptions = {}): Promise<ServiceProcess> {
    const service = new ServiceProcess(options);
    await service.event('service.listening');
    return service;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Where it listens. Known once it has said so. */
  get url(): string {
    const url = this.log.find(({ event }) => event === 'service.listening')?.['url'];
    if (typeof url !== 'string') throw this.failure('it does not listen yet');
    return url;
  }

  /** The database file, where the default `DATABASE_URL` is used. */
  get database(): string {
    return join(this.directory, 'data', 'cryptoflow.db');
  }

  events(name: string): LogLine[] {
    return this.log.filter(({ event }) => event === name);
  }

  /** The lines of level warn and above, but for what says only that the machine was too busy for a tick. */
  get complaints(): LogLine[] {
    return this.log.filter(({ level, event }) => level >= WARN && event !== 'job.slot.skipped');
  }

  /** Waits until the event has been logged. */
  event(name: string): Promise<LogLine> {
    return this.until(`the event ${name}`, () => this.events(name)[0]);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.url + path, { headers });
    const text = await response.text();
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json ? JSON.parse(text) : undefined,
    };
  }

  /** Asks for `path` again and again until `accept` returns something true, and returns that. */
  poll<T>(path: string, accept: (answer: Answer) => T | undefined | null | false, what = path): Promise<T> {
    return this.until(what, async () => accept(await this.get(path)));
  }

  /** Polls a condition; fails when the process has ended, or the time is up, with what it has written. */
  async until<T>(
    what: string,
    probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ): Promise<T> {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      const found = await probe();
      if (found !== undefined && found !== null && found !== false) return found;
      if (this.exit) throw this.failure(`it ended (${JSON.stringify(this.exit)}) before ${what}`);
      if (performance.now() > end) throw this.failure(`timed out waiting for ${what}`);
      await delay(POLL_MS);
    }
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** SIGTERM, unless another is named, and the exit. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.send(signal);
    return this.exited;
  }

  /** SIGKILL, and the exit. */
  kill(): Promise<Exit> {
    return this.stop('SIGKILL');
  }

  private heard(text: string): void {
    this.output += text;
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{')) this.log.push(JSON.parse(line) as LogLine);
    }
  }

  private failure(what: string): Error {
    return new Error(`${what}; it wrote:\n${this.output.slice(-4000)}`);
  }
}

/** Waits for a condition that no single service decides. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > end) throw new Error(`timed out waiting for ${what}`);
    await delay(POLL_MS);
  }
}
