import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ArchiveError } from './archive-error.js';
import { zipChunks } from './zip-file.js';

/** The form of `sha256sum`: the digest, two spaces, the name. */
const LINE = /^\s*([0-9a-f]{64})(?:\s|$)/i;

/** Where a file's checksum is, beside it. */
export function checksumPath(path: string): string {
  return `${path}.CHECKSUM`;
}

/**
 * Sees that a file is whole, before anything of it counts: by the SHA-256 that its publisher put beside it; a zip without
 * one, by reading it to its end.
 *
 * @returns by what
 * @throws ArchiveError
 */
export async function verifyFile(
  path: string,
  signal?: AbortSignal,
): Promise<'checksum' | 'content' | 'nothing'> {
  const published = await readPublished(checksumPath(path));
  if (published !== null) {
    const digest = LINE.exec(published)?.[1]?.toLowerCase();
    if (digest === undefined) {
      throw new ArchiveError('ARCHIVE_CHECKSUM', 'the file .CHECKSUM beside it holds no SHA-256');
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash, { signal });
    if (hash.digest('hex') !== digest) {
      throw new ArchiveError(
        'ARCHIVE_CHECKSUM',
        'it is not the file that the .CHECKSUM beside it speaks of (SHA-256): fetch both again',
      );
    }
    return 'checksum';
  }
  if (!isZip(path)) return 'nothing';
  for await (const chunk of zipChunks(path)) {
    void chunk;
    signal?.throwIfAborted();
  }
  return 'content';
}

export function isZip(path: string): boolean {
  return /\.zip$/i.test(path);
}

async function readPublished(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
