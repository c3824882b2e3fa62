import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveSource, type ArchiveCopy } from './archive-source.js';

/** An archive that was fetched before, in a folder. */
export class DirectoryArchive extends ArchiveSource {
  constructor(private readonly base: string) {
    super();
  }

  async fetch(name: string): Promise<ArchiveCopy | null> {
    const path = join(this.base, name);
    try {
      await stat(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    return { path, dispose: async () => undefined };
  }
}
