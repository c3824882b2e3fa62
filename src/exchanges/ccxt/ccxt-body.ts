import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { UndiciResponse } from './ccxt-library.js';

const DECOMPRESSORS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

/**
 * Reads an answer's body as text, or as bytes when `binary`.
 *
 * ccxt's own reader joins body and decompressor with `pipe`, which does not pass failures on: after a reset or an abort
 * in a compressed body it waited for ever.
 *
 * @throws whatever breaks the stream
 */
export async function readBody(
  { statusCode, headers, body }: UndiciResponse,
  binary: boolean,
): Promise<unknown> {
  const encoding = headers['content-encoding'];
  const create = typeof encoding === 'string' ? DECOMPRESSORS[encoding.toLowerCase()] : undefined;
  if (create === undefined || statusCode === 204 || statusCode === 304) {
    return binary ? body.arrayBuffer() : body.text();
  }
  const chunks: Buffer[] = [];
  await pipeline(body, create(), async (source) => {
    for await (const chunk of source) chunks.push(chunk as Buffer);
  });
  const bytes = Buffer.concat(chunks);
  return binary ? bytes : bytes.toString('utf8');
}
