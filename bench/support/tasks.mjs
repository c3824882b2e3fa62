/** @type {Array<() => unknown>} */
const closers = [];

/** Calls `close` before the process ends. @param {() => unknown} close */
export function atStop(close) {
  closers.unshift(close);
}

/**
 * Makes this process do the tasks that its parent calls: the other half of `worker.mjs`.
 *
 * @param {Record<string, (options: any) => unknown>} tasks
 */
export function serveTasks(tasks) {
  process.on('disconnect', () => process.exit());
  process.on('message', (/** @type {any} */ message) => void answer(tasks, message));
}

/** @param {Record<string, (options: any) => unknown>} tasks @param {any} message */
async function answer(tasks, { id, task, options }) {
  if (task === 'stop') {
    for (const close of closers) await close();
    process.exit();
  }
  const found = tasks[task];
  try {
    if (!found) throw new Error(`no task ${task}`);
    process.send?.({ id, result: await found(options) });
  } catch (thrown) {
    const error = /** @type {Error & { code?: string }} */ (thrown);
    process.send?.({ id, error: { message: error.stack ?? error.message, code: error.code } });
  }
}

/** Resident memory now and at its highest, in MB. */
export function memory() {
  return { rssMb: process.memoryUsage.rss() / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1000 };
}
