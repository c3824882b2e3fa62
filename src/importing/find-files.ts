import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { CryptoFlowError } from '../common/errors.js';

export class NoFilesError extends CryptoFlowError {
  constructor(given: string, what: string) {
    super('NO_FILES', `${given}: ${what}`);
  }
}

export interface FoundFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * The files that are named: each itself, each folder's `.zip` and `.csv` files with those of the folders below it, or
 * what matches a pattern of `*`, `?` and `**`, for shells that do not expand it. Without repetitions.
 *
 * @throws NoFilesError
 */
export async function findFiles(given: readonly string[]): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const name of given) {
    const files = await filesOf(name);
    for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) found.set(file.path, file);
  }
  return [...found.values()];
}

async function filesOf(name: string): Promise<FoundFile[]> {
  const known = await stat(name).catch(() => null);
  if (known?.isFile()) return [{ path: name, size: known.size }];
  if (known?.isDirectory()) {
    const files = await walk(name, (path) => /\.(zip|csv)$/i.test(path));
    if (files.length === 0) throw new NoFilesError(name, 'there is no .zip or .csv file in it');
    return files;
  }
  if (!/[*?]/.test(name)) throw new NoFilesError(name, 'there is no such file');
  const pattern = toPattern(name);
  const files = await walk(fixedPart(name), (path) => pattern.test(path));
  if (files.length === 0) throw new NoFilesError(name, 'no file matches it');
  return files;
}

async function walk(folder: string, accept: (path: string) => boolean): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => !entry.isDirectory() && !basename(entry.name).startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(accept);
  const files = await Promise.all(
    paths.map(async (path) => {
      const known = await stat(path).catch(() => null);
      return known?.isFile() ? [{ path, size: known.size }] : [];
    }),
  );
  return files.flat();
}

/** The folders before the first one that holds a wildcard. */
function fixedPart(pattern: string): string {
  const parts = pattern.split(/[/\\]/);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?]/.test(part)),
  );
  if (fixed.length === 0) return '.';
  return fixed.join(sep) || sep;
}

function toPattern(pattern: string): RegExp {
  const source = join(pattern)
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (wildcard) => {
      if (wildcard === '**/') return '(?:.*/)?';
      if (wildcard === '**') return '.*';
      return wildcard === '*' ? '[^/]*' : '[^/]';
    });
  return new RegExp(`^${source}$`);
}
