import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LockStatistics } from '../../../src/database/lock-statistics.js';
import { MIGRATIONS } from '../../../src/database/migrations/migrations.js';
import { openTestDatabase } from '../../support/database.js';
import { DatabaseProcesses } from '../../support/processes/database-processes.js';
import { until } from '../../support/fixtures/until.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const PROCESSES = 6;
const ROUNDS = 10;
const WRITES = 100;
const NAMES = MIGRATIONS.map(({ name }) => name);

describe('a process that only waits for its turn', () => {
  it('does not end before it has had it', async () => {
    const script = fileURLToPath(new URL('../../support/processes/waiting-writer.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, join(temporaryDirectory(), 'queue.db')]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
    await until(() => output.includes('waiting') || child.exitCode !== null);
    // With nothing to keep it alive it would end in this turn of its event loop.
    const early = await Promise.race([exited, delay(300, 'alive')]);
    expect(early).toBe('alive');
    child.kill('SIGUSR2');
    expect(await exited).toBe(0);
    expect(output).toBe('waiting\ndone\n');
  });
});

describe('several processes', () => {
  it('open and migrate one new file at the same moment, and none fails', async () => {
    const directory = temporaryDirectory();
    const processes = await DatabaseProcesses.start(PROCESSES);

    for (let round = 0; round < ROUNDS; round += 1) {
      const file = join(directory, `${round}.db`);
      const answers = await processes.runTogether<{ executed?: string[]; own?: number; error?: string }>(
        (index) => ({ task: 'open', file, name: `process ${index}` }),
      );
      expect(answers.map(({ error }) => error)).toEqual(Array(PROCESSES).fill(undefined));
      expect(answers.map(({ own }) => own)).toEqual(Array(PROCESSES).fill(1));
      expect(answers.flatMap(({ executed }) => executed)).toEqual(NAMES);

      const { reader } = await openTestDatabase({ file });
      expect(await reader.query('SELECT count(*) AS n FROM job_run')).toEqual([{ n: PROCESSES }]);
      expect(await reader.query('SELECT name FROM migrations')).toEqual(NAMES.map((name) => ({ name })));
    }
  });

  it('write to one file: nobody sees SQLITE_BUSY, and no row and no count is lost', async () => {
    const { file, writer, reader } = await openTestDatabase();
    await writer.query(
      `INSERT INTO job_lock (name, fence, holder, acquired_at, renewed_at, expires_at) VALUES ('total', 0, '', 0, 0, 0)`,
    );
    const processes = await DatabaseProcesses.start(PROCESSES);
    const answers = await processes.runTogether<Answer>((index) => ({
      task: 'write',
      file,
      name: `process ${index}`,
      count: WRITES,
    }));

    expect(answers.map(({ error }) => error)).toEqual(Array(PROCESSES).fill(undefined));
    for (const { busy, timeouts } of answers) {
      expect(busy).toMatchObject({ unexpected: 0 });
      expect(timeouts).toBe(0);
    }
    // They did meet, or the test would show nothing.
    expect(answers.reduce((sum, { busy }) => sum + busy.begin, 0)).toBeGreaterThan(0);
    expect(await reader.query(`SELECT fence FROM job_lock`)).toEqual([{ fence: PROCESSES * WRITES }]);
    const rows = await reader.query('SELECT name, count(*) AS n FROM job_run GROUP BY name');
    expect(rows).toHaveLength(2 * PROCESSES);
    expect(new Set((rows as Array<{ n: number }>).map(({ n }) => n))).toEqual(new Set([WRITES]));
    expect(await reader.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});

interface Answer {
  readonly error?: string;
  readonly busy: LockStatistics['busy'];
  readonly timeouts: number;
}
