import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { describe, expect, it } from 'vitest';
import { atEnd, workDirectory } from '../support/at-end.js';
import { eventually, ServiceProcess } from '../support/service-process.js';

describe('the command line', () => {
  it.each([[['collect']], [[]], [['serve', 'now']]])('%o exits 2 with the usage', async (command) => {
    const process = ServiceProcess.spawn({ command });
    expect(await process.exited).toEqual({ code: 2, signal: null });
    expect(process.stderr).toContain('Usage: cryptoflow serve');
  });
});

describe('a bad environment', () => {
  it('is refused: every bad variable is named, and no value', async () => {
    const environment = {
      PORT: 'port-value',
      HOST: '',
      DATABASE_URL: 'sqlite:?url-value',
      DATABASE_READERS: '0.5-value',
      CRYPTOFLOW_ROLE: 'role-value',
      CRYPTOFLOW_MARKETS: 'market-value',
      CRYPTOFLOW_BACKFILL: 'backfill-value',
      CRYPTOFLOW_LEASE_TTL: 'lease-value',
      CRYPTOFLOW_EXCHANGES: 'exchanges-value',
      LOG_LEVEL: 'level-value',
      LOG_FORMAT: 'format-value',
    };
    const refused = ServiceProcess.spawn({ environment });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    const named = refused.stderr
      .split('\n')
      .slice(1)
      .map((line) => /^\s+([A-Z_]+):/.exec(line)?.[1])
      .filter((name) => name !== undefined);
    expect(named.toSorted()).toEqual(
      Object.keys(environment)
        .filter((name) => name !== 'HOST') // an empty variable counts as not set
        .toSorted(),
    );
    expect(refused.output).not.toMatch(/-value/);
    expect(existsSync(join(refused.directory, 'data')), 'nothing is made').toBe(false);
  });

  it('names variables that look like ours and are not, and starts', async () => {
    const service = await ServiceProcess.start({ environment: { CRYPTOFLOW_MARKET: 'x-value' } });
    expect(service.complaints).toMatchObject([
      { event: 'config.unknown_variables', names: ['CRYPTOFLOW_MARKET'] },
    ]);
    expect(service.output).not.toContain('x-value');
  });
});

/** Somebody who is not root, since root may write everywhere; undefined where this process is not root. */
const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
const mayRun =
  nobody === undefined ||
  spawnSync(process.execPath, ['bin/cryptoflow.cjs', '--version'], { uid: nobody }).status === 0;

describe('a database that will not do', () => {
  it('cannot be made below a file: the error names the path', async () => {
    const directory = workDirectory();
    const file = join(directory, 'plain');
    writeFileSync(file, '');
    const environment = { DATABASE_URL: `sqlite:${file}/deep/cryptoflow.db` };
    const refused = ServiceProcess.spawn({ environment, directory });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.events('service.failed')).toMatchObject([
      { event: 'service.failed', error: { code: 'DATABASE_UNWRITABLE' } },
    ]);
    expect(JSON.stringify(refused.events('service.failed')[0])).toContain(file);
  });

  it.runIf(mayRun)('lies in a directory or a file without write permission: the error names it', async () => {
    const directory = workDirectory();
    chmodSync(directory, 0o755);
    const closed = join(directory, 'closed');
    mkdirSync(closed, { mode: 0o555 });
    const file = join(directory, 'open', 'read-only.db');
    mkdirSync(join(directory, 'open'));
    chmodSync(join(directory, 'open'), 0o777);
    writeFileSync(file, '');
    chmodSync(file, 0o444);

    for (const [path, named] of [
      [join(closed, 'new.db'), closed],
      [file, file],
    ]) {
      const environment = { DATABASE_URL: `sqlite:${path}` };
      const refused = ServiceProcess.spawn({
        environment,
        directory,
        ...(nobody !== undefined && { user: nobody }),
      });
      expect(await refused.exited).toEqual({ code: 1, signal: null });
      expect(refused.events('service.failed')).toMatchObject([
        { event: 'service.failed', error: { code: 'DATABASE_UNWRITABLE' } },
      ]);
      const { message } = refused.events('service.failed')[0]!['error'] as { message: string };
      expect(message).toContain(`${named} cannot be written`);
      expect(message).toContain('DATABASE_URL');
    }
  });

  it('of a newer version is refused by every role, and left as it is', async () => {
    const first = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'collector' } });
    await first.stop('SIGINT');
    await write(
      first.database,
      `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'CryptoFlowFuture9999999999999')`,
    );

    const roles = ['all', 'collector', 'api'].map((role) => ({
      role,
      refused: ServiceProcess.spawn({
        directory: first.directory,
        environment: { CRYPTOFLOW_ROLE: role },
      }),
    }));
    for (const { role, refused } of roles) {
      expect(await refused.exited, role).toEqual({ code: 1, signal: null });
      expect(refused.events('service.failed')).toMatchObject([
        { event: 'service.failed', error: { code: 'NEWER_SCHEMA' } },
      ]);
      expect(refused.output).toContain('CryptoFlowFuture9999999999999');
    }
    // A migration of an extension is none of ours, and no reason to refuse.
    await write(
      first.database,
      `UPDATE migrations SET name = 'SomebodyElses9999999999999' WHERE timestamp = 9999999999999`,
    );
    const accepted = await ServiceProcess.start({ directory: first.directory });
    await accepted.event('service.ready');
  });

  it('that is no database is refused', async () => {
    const directory = workDirectory();
    const file = join(directory, 'text.db');
    writeFileSync(file, 'This is not a database. '.repeat(1000));
    const refused = ServiceProcess.spawn({ environment: { DATABASE_URL: `sqlite:${file}` } });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(JSON.stringify(refused.complaints)).toContain('SQLITE_NOTADB');
    expect(readFileSync(file, 'utf8')).toBe('This is not a database. '.repeat(1000));
  });
});

describe('a port that is taken', () => {
  it('ends the start with an error that names it', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    atEnd(() => new Promise((resolve) => holder.close(resolve)));
    const { port } = holder.address() as { port: number };
    const refused = ServiceProcess.spawn({ environment: { PORT: String(port) } });
    expect(await refused.exited).toEqual({ code: 1, signal: null });
    expect(refused.events('service.failed')).toMatchObject([
      { event: 'service.failed', error: { code: 'EADDRINUSE' } },
    ]);
    expect(refused.output).toContain(String(port));
  });
});

describe('a main of one’s own', () => {
  it('is told when it starts with fewer threads than SQLite’s calls need', async () => {
    const url = (path: string) => new URL(`../../${path}`, import.meta.url).href;
    const [service, config, log] = ['service', 'config/config', 'logging/pino-log'].map((name) =>
      url(`dist/${name}.js`),
    );
    const main = `import '${url('node_modules/reflect-metadata/Reflect.js')}';
      const [{ startService }, { Config }, { PinoLog }] =
        await Promise.all([import('${service}'), import('${config}'), import('${log}')]);
      const config = Config.from(process.env);
      await startService(config, new PinoLog(config));`;
    for (const [threads, told] of [
      ['', true],
      ['8', false],
    ] as const) {
      const env = { PATH: process.env['PATH'], PORT: '0', UV_THREADPOOL_SIZE: threads };
      const child = spawn(process.execPath, ['--input-type=module', '-e', main], {
        cwd: workDirectory(),
        env,
      });
      atEnd(() => child.kill('SIGKILL'));
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await eventually('the service to listen', () => output.includes('service.listening'));
      expect(output.includes('"threads":4,"needed":8'), output).toBe(told);
    }
  });
});

function write(file: string, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (opened) => {
      if (opened) return reject(opened);
      database.exec(sql, (failed) =>
        database.close((closed) => ((failed ?? closed) ? reject(failed ?? closed) : resolve())),
      );
    });
  });
}
