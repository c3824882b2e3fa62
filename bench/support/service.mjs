import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../bin/cryptoflow.cjs', import.meta.url));
const START_DEADLINE_MS = 60_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const alive = new Set();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

/**
 * Starts the built service as its users do, on any free port, and waits until it is ready.
 *
 * @param {Record<string, string>} environment all that it gets besides PATH
 * @param {{ directory?: string, nodeArguments?: string[] }} [options] its working directory, and what Node itself gets
 */
export async function startService(environment, { directory, nodeArguments = [] } = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, ENTRY, 'serve'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', LOG_FORMAT: 'json', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  alive.add(child);
  const ended = new Promise((resolve) => child.on('exit', resolve)).then(() => alive.delete(child));
  const rssMb = () => residentMb(/** @type {number} */ (child.pid));
  const { url, listeningMs } = await new Promise((resolve, reject) => {
    let found = { url: '', listeningMs: 0 };
    const deadline = setTimeout(() => reject(new Error('the service did not get ready')), START_DEADLINE_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = line.startsWith('{') ? JSON.parse(line) : {};
      if (entry.event === 'service.listening') {
        found = { url: entry.url, listeningMs: performance.now() - started };
      } else if (entry.event === 'service.ready') {
        clearTimeout(deadline);
        resolve(found);
      } else if (entry.level >= 40) process.stderr.write(`${line}\n`);
    });
    void ended.then(() => reject(new Error('the service ended before it was ready')));
  });
  return {
    url,
    listeningMs,
    pid: /** @type {number} */ (child.pid),
    rssMb,
    readyRssMb: rssMb(),
    /** SIGINT: it stops in good order, without the second that SIGTERM leaves to load balancers. */
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/**
 * Starts the service, hands it to `use`, and stops it, come what may.
 *
 * @template T
 * @param {Record<string, string>} environment
 * @param {(service: Awaited<ReturnType<typeof startService>>) => Promise<T>} use
 */
export async function withService(environment, use) {
  const service = await startService(environment);
  try {
    return await use(service);
  } finally {
    await service.stop();
  }
}

/** Memory that a process has resident, in MB. @param {number} pid */
export function residentMb(pid) {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1000;
  }
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kib) * 1024) / 1e6;
}

/** CPU time that a process has spent, of all of its threads, in seconds. @param {number} pid */
export function cpuSeconds(pid) {
  if (process.platform !== 'linux') {
    const text = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' });
    return text
      .trim()
      .split(/[-:]/)
      .map(Number)
      .reduce((sum, part) => sum * 60 + part, 0);
  }
  // Behind the name, which may hold anything: the times are the 12th and 13th field, in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
