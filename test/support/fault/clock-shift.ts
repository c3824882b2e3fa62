import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const SOURCE = resolve('test/support/fault/clock-shift.c');

/** What a process needs in its environment to have a wrong wall clock. */
export type ClockShift = (seconds: number) => Record<string, string>;

/**
 * Compiles what shifts the wall clock of a process: SQLite and Node take it from the C library, and so from what is
 * preloaded before it.
 *
 * @param skip of the test: told why it cannot be done here
 */
export function buildClockShift(directory: string, skip: (reason: string) => never): ClockShift {
  const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } })
    .header;
  if (process.platform !== 'linux' || !glibcVersionRuntime) return skip('preloading needs Linux and glibc');
  const library = join(directory, 'clock-shift.so');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    return skip(`cc did not compile it: ${(error as Error).message}`);
  }
  return (seconds) => ({ LD_PRELOAD: library, CLOCK_SHIFT_SECONDS: String(seconds) });
}
