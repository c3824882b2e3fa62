import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { FILES, type FileName } from './page-files.js';
import { PAGE_CSS, PAGE_JS, pageHtml } from './page-text.js';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
};

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file in the form in which it is sent. */
export interface StoredFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly encoding: Encoding;
}

const ENCODE: Readonly<Record<Encoding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body) => promisify(gzip)(body),
  identity: async (body) => body,
};

/** The page and its files. Read and compressed once, when first asked for, so that asking again and again costs nothing. */
export class PageStore {
  private readonly stored = new Map<string, Promise<StoredFile>>();
  private version: Promise<string> | undefined;

  page(encoding: Encoding): Promise<StoredFile> {
    return this.get(`index.html ${encoding}`, async () => {
      const html = pageHtml(await this.currentVersion());
      return store(Buffer.from(html), TYPES['html']!, encoding);
    });
  }

  file(name: FileName, encoding: Encoding): Promise<StoredFile> {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)]!;
    // Images are compressed as they are.
    const suited = type === TYPES['png'] ? 'identity' : encoding;
    return this.get(`${name} ${suited}`, async () => store(await contentOf(name), type, suited));
  }

  /** Changes where any of the files does. */
  currentVersion(): Promise<string> {
    return (this.version ??= (async () => {
      const hash = createHash('sha1');
      for (const name of FILES) hash.update(await contentOf(name));
      return hash.digest('base64url').slice(0, 12);
    })());
  }

  private get(key: string, make: () => Promise<StoredFile>): Promise<StoredFile> {
    const known = this.stored.get(key);
    if (known) return known;
    const made = make();
    this.stored.set(key, made);
    made.catch(() => this.stored.delete(key));
    return made;
  }
}

function contentOf(name: FileName): Buffer | Promise<Buffer> {
  if (name === 'page.js') return Buffer.from(PAGE_JS);
  if (name === 'page.css') return Buffer.from(PAGE_CSS);
  const require = createRequire(import.meta.url);
  return readFile(require.resolve(`swagger-ui-dist/${name}`));
}

async function store(content: Buffer, type: string, encoding: Encoding): Promise<StoredFile> {
  const etag = `W/"${createHash('sha1').update(content).digest('base64url').slice(0, 20)}"`;
  return { body: await ENCODE[encoding](content), type, etag, encoding };
}
