import { constants } from 'node:zlib';
import type { FastifyCompressOptions } from '@fastify/compress';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Text and JSON in all their kinds. No events, which must not wait for each other; and no Arrow: its columns are binary,
 * and whoever asks for them asks for speed.
 */
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|image\/svg\+xml|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-ndjson|jsonl|yaml|openmetrics-text))\b/i;

/** Fewer bytes fit into a packet or two anyway. */
const THRESHOLD = 1024;

/**
 * Up to so many bytes, a page of a thousand candles, are compressed at once: a stream through another thread is more work
 * than that. Longer answers would hold up the others.
 */
const AT_ONCE = 64 * 1024;

/** For candles, higher ones take much longer and save next to nothing. */
const LEVEL = { br: 2, gzip: 4 } as const;

/** What a stream has written goes out at once, and does not wait in the compressor for more. */
export const COMPRESSION: FastifyCompressOptions = {
  encodings: ['br', 'gzip'],
  threshold: THRESHOLD,
  syncThreshold: AT_ONCE,
  customTypes: isCompressible,
  zlibOptions: { level: LEVEL.gzip, flush: constants.Z_SYNC_FLUSH },
  brotliOptions: {
    flush: constants.BROTLI_OPERATION_FLUSH,
    params: {
      [constants.BROTLI_PARAM_QUALITY]: LEVEL.br,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  },
  // Requests are short: one that is compressed is most likely meant to fill memory.
  globalDecompression: false,
};

function isCompressible(type: string): boolean {
  return COMPRESSIBLE.test(type);
}

/** Before an answer is sent: whether it may be compressed, and what caches must know of it. */
export function prepareCompression({ headers }: FastifyRequest, reply: FastifyReply): void {
  const type = reply.getHeader('content-type');
  if (typeof type === 'string' && isCompressible(type)) varyByEncoding(reply);
  // Otherwise the plugin would go by a list of its own, in which binary data stands as well.
  else headers['x-no-compression'] = 'true';
}

/** The encoding was chosen by what the client takes, also where it is none. */
function varyByEncoding(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  if (vary === undefined) void reply.header('vary', 'accept-encoding');
  else if (!/accept-encoding|\*/i.test(String(vary))) {
    void reply.header('vary', `${String(vary)}, accept-encoding`);
  }
}
