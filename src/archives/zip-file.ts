import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { errorMessage } from '../common/errors.js';
import { ArchiveError } from './archive-error.js';

/** Bytes of the file inside a zip, with how far they are, from 0 to 1. */
export interface ZipChunk {
  readonly bytes: Buffer;
  readonly done: number;
}

/**
 * The one CSV file that a zip holds, as a stream. Its checksum is compared when the last byte has been read: until then
 * what came may be damaged.
 *
 * @throws ArchiveError when the zip is cut off or damaged, or does not hold exactly one CSV file
 */
export async function* zipChunks(path: string): AsyncGenerator<ZipChunk> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false });
    const entry = await onlyCsv(zip);
    let [read, crc] = [0, 0];
    for await (const bytes of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      read += bytes.length;
      crc = crc32(bytes, crc);
      yield { bytes, done: read / Math.max(1, entry.uncompressedSize) };
    }
    if (crc !== entry.crc32) throw new Error('its CRC-32 is not that of its content');
  } catch (error) {
    throw unreadable(error);
  } finally {
    zip?.close();
  }
}

async function onlyCsv(zip: ZipFile): Promise<Entry> {
  const files: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    if (/\.csv$/i.test(entry.fileName) && !entry.fileName.startsWith('__MACOSX/')) files.push(entry);
  }
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Error(`it holds ${files.length} CSV files, not one`);
  return file;
}

/** Errors of the file system stay what they are: they say nothing about the zip. */
function unreadable(error: unknown): unknown {
  if (error instanceof ArchiveError || (error as NodeJS.ErrnoException).syscall !== undefined) return error;
  const message = `it is no zip that can be read to its end: ${errorMessage(error)}`;
  return new ArchiveError('ARCHIVE_UNREADABLE', message, { cause: error });
}
