import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const SCRIPT = resolve('test/support/processes/database-process.mjs');

/** Several processes that wait for a task. They end with the present test. */
export class DatabaseProcesses {
  private constructor(private readonly processes: readonly Process[]) {}

  static async start(count: number): Promise<DatabaseProcesses> {
    const processes = Array.from({ length: count }, () => new Process());
    onTestFinished(() => processes.forEach((process) => process.end()));
    await Promise.all(processes.map((process) => process.answer()));
    return new DatabaseProcesses(processes);
  }

  /** Gives each process its task, all at the same moment. @returns their answers */
  runTogether<Answer>(task: (index: number) => object): Promise<Answer[]> {
    const tasks = this.processes.map((_, index) => `${JSON.stringify(task(index))}\n`);
    this.processes.forEach((process, index) => process.send(tasks[index]!));
    return Promise.all(this.processes.map((process) => process.answer() as Promise<Answer>));
  }
}

class Process {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    this.child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  send(line: string): void {
    this.child.stdin!.write(line);
  }

  async answer(): Promise<unknown> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the process ended without an answer (exit code ${this.child.exitCode})`);
    return JSON.parse(value);
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}
