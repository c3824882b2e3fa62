import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who holds a lease, as text: `host:pid:boot:run`. `boot` names the running kernel and the process-id namespace, so that
 * two containers on one machine are not taken for each other; `run` is the start time of the process, so that a reused
 * pid is not taken for the one before.
 */
export function thisHolder(): string {
  const boot = bootId() ?? 'unknown';
  const run = startTime(process.pid)?.time ?? randomUUID();
  return [hostname(), process.pid, boot, run].join(':');
}

/** `unknown` where it cannot be told: another host or boot, or another pid namespace. */
export type HolderState = 'alive' | 'dead' | 'unknown';

/**
 * Whether a holder still runs. Dead is certain: same host, same boot, same pid namespace, and its pid is gone, a zombie,
 * or somebody else's.
 */
export function holderState(holder: string): HolderState {
  const parts = holder.split(':');
  const [run, boot, pid] = [parts.pop(), parts.pop(), Number(parts.pop())];
  const known = bootId();
  if (known === undefined || boot !== known || parts.join(':') !== hostname() || !Number.isInteger(pid))
    return 'unknown';
  const process = startTime(pid);
  return process === undefined || process.zombie || process.time !== run ? 'dead' : 'alive';
}

let boot: { readonly id: string | undefined } | undefined;

/** Kernel boot and pid namespace; undefined where the system does not tell (it tells on Linux). */
function bootId(): string | undefined {
  if (!boot) {
    try {
      const kernel = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const namespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
      boot = { id: `${kernel}/${namespace}` };
    } catch {
      boot = { id: undefined };
    }
  }
  return boot.id;
}

/** Field 22 of /proc/pid/stat, in clock ticks since boot: proc_pid_stat(5). Undefined when there is no such process. */
function startTime(pid: number): { time: string; zombie: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces
    return { time: fields[19] ?? '', zombie: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}
