import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A folder of a process that died is removed when nothing has changed in it for so long. */
const LEFT_OVER_MS = 3_600_000;

/**
 * A folder of this process for what it fetches, made when it is first asked for, and removed at the end.
 *
 * @param prefix of its path: it is followed by the process id, so that what the dead left can be told
 */
export class ArchiveFolder {
  private made: Promise<string> | undefined;

  constructor(
    private readonly prefix: string,
    /** Unix ms. */
    private readonly now: () => number,
  ) {}

  path(): Promise<string> {
    return (this.made ??= this.make().catch((error: unknown) => {
      this.made = undefined;
      throw error;
    }));
  }

  async remove(): Promise<void> {
    const path = await this.made?.catch(() => undefined);
    if (path !== undefined) await rm(path, { recursive: true, force: true });
  }

  private async make(): Promise<string> {
    await mkdir(dirname(this.prefix), { recursive: true });
    await this.removeLeftovers();
    return mkdtemp(`${this.prefix}${process.pid}-`);
  }

  /** Of processes that were killed. One of another container may bear any number, so its files must be old as well. */
  private async removeLeftovers(): Promise<void> {
    const parent = dirname(this.prefix);
    for (const name of await readdir(parent)) {
      const pid = name.startsWith(basename(this.prefix)) ? /(\d+)-[^-]*$/.exec(name)?.[1] : undefined;
      if (pid === undefined || isAlive(Number(pid))) continue;
      const path = join(parent, name);
      const changed = await stat(path).catch(() => null);
      if (changed && this.now() - changed.mtimeMs > LEFT_OVER_MS)
        await rm(path, { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
