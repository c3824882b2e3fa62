import { fork } from 'node:child_process';

const FOLDER = new URL('../', import.meta.url);
/** libuv's threads as `bin/cryptoflow.cjs` sets them for four readers. */
const SERVICE_THREADS = '16';

/** @type {Set<Worker>} */
const alive = new Set();
process.on('exit', () => alive.forEach((worker) => void worker.kill()));

/** A process of its own that does tasks: the other half is `tasks.mjs`. */
export class Worker {
  /**
   * @param {string} script path below `bench/`
   * @param {{ threads?: 'service' | 'default' }} [options] whether libuv gets the service's threads or Node's own four
   */
  constructor(script, { threads = 'service' } = {}) {
    const { UV_THREADPOOL_SIZE: _, NODE_OPTIONS: __, ...environment } = process.env;
    this.script = script;
    this.next = 0;
    /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
    this.waiting = new Map();
    this.child = fork(new URL(script, FOLDER), {
      serialization: 'advanced',
      env: threads === 'service' ? { ...environment, UV_THREADPOOL_SIZE: SERVICE_THREADS } : environment,
    });
    alive.add(this);
    this.child.on('message', (/** @type {any} */ { id, result, error }) => {
      const call = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) call?.reject(Object.assign(new Error(`${script}: ${error.message}`), { code: error.code }));
      else call?.resolve(result);
    });
    this.ended = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => {
        alive.delete(this);
        for (const { reject } of this.waiting.values())
          reject(new Error(`${script} ended: ${signal ?? code}`));
        resolve(undefined);
      });
    });
  }

  /**
   * @param {string} task
   * @param {object} [options]
   * @returns {Promise<any>}
   */
  call(task, options = {}) {
    return new Promise((resolve, reject) => {
      const id = (this.next += 1);
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, task, options });
    });
  }

  /** Lets it close what it has opened, and waits for its end. */
  async stop() {
    if (this.child.connected) this.child.send({ id: 0, task: 'stop', options: {} });
    await this.ended;
  }

  kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

/**
 * Starts workers, hands them to `use`, and stops them, come what may.
 *
 * @template T
 * @param {Worker[]} workers
 * @param {(...workers: any[]) => Promise<T>} use
 */
export async function withWorkers(workers, use) {
  try {
    return await use(...workers);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}
