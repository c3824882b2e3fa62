import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { queryFile } from '../service-data.js';

const PAGE_BYTES = 4096;
/** The first byte of a leaf of an index b-tree, such as a table WITHOUT ROWID is (https://www.sqlite.org/fileformat2.html). */
const INDEX_LEAF = 0x0a;

/** Overwrites a page of a database file with what no page can be. */
export function damagePage(file: string, page: number): void {
  const descriptor = openSync(file, 'r+');
  try {
    writeSync(descriptor, Buffer.alloc(PAGE_BYTES, 0xee), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  } finally {
    closeSync(descriptor);
  }
}

/** The number of a table's root page. */
export async function rootPage(file: string, table: string): Promise<number> {
  const [row] = await queryFile<{ rootpage: number }>(
    file,
    'SELECT rootpage FROM sqlite_master WHERE name = ?',
    [table],
  );
  return row!.rootpage;
}

/** The number of the leaf, in the file itself, that holds the candle of this open time. */
export function leafOf(file: string, openTime: number): number {
  const content = readFileSync(file);
  const key = Buffer.alloc(6);
  key.writeUIntBE(openTime, 0, 6);
  for (let start = 0; start < content.length; start += PAGE_BYTES) {
    const page = content.subarray(start, start + PAGE_BYTES);
    if (page[0] === INDEX_LEAF && page.includes(key)) return start / PAGE_BYTES + 1;
  }
  throw new Error(`no leaf of ${file} holds ${openTime}`);
}
