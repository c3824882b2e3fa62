import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checksumPath } from '../../archives/checksum.js';
import { ExchangeError } from '../exchange-errors.js';
import { ArchiveSource, type ArchiveCopy } from './archive-source.js';

/** For a whole file: a month of 1m is about 2 MB. */
const TIMEOUT_MS = 120_000;
/** What a store of files answers for one that it does not have. */
const ABSENT: ReadonlySet<number> = new Set([403, 404, 410]);

/** The public archive, or a mirror of it. */
export class HttpArchive extends ArchiveSource {
  /** @param base with a slash at its end */
  constructor(private readonly base: string) {
    super();
  }

  async fetch(name: string, folder: string, signal: AbortSignal): Promise<ArchiveCopy | null> {
    const path = join(folder, basename(name));
    const dispose = async () => {
      await rm(path, { force: true });
      await rm(checksumPath(path), { force: true });
    };
    const patience = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      if (!(await this.download(name, path, patience))) return null;
      await this.download(checksumPath(name), checksumPath(path), patience);
      return { path, dispose };
    } catch (error) {
      await dispose();
      throw error;
    }
  }

  /** @returns false where there is no such file */
  private async download(name: string, path: string, signal: AbortSignal): Promise<boolean> {
    const url = this.base + name.split('/').map(encodeURIComponent).join('/');
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      if (ABSENT.has(response.status)) return false;
      throw new ExchangeError('EXCHANGE_UNAVAILABLE', `the archive answered ${response.status}`);
    }
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path), { signal });
    return true;
  }
}
