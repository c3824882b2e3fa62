import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Sized } from '../answer-cache.js';

/** An answer that is whole: it has an ETag, and may be kept. */
export interface Answer extends Sized {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether all of it is over, settled and complete: then it changes by a late revision alone. */
  readonly isSettled: boolean;
}

const KEY_HEADERS = ['authorization', 'x-api-key', 'x-mbx-apikey'] as const;

/** How long a settled answer may be used without asking again, in seconds. */
const SETTLED_MAX_AGE_S = 3600;

export function toAnswer(
  body: Buffer,
  type: string,
  { headers = {}, isSettled = false }: { headers?: Record<string, string>; isSettled?: boolean } = {},
): Answer {
  // Weak: compressed or not, it is the same answer.
  const etag = `W/"${createHash('sha1').update(body).digest('base64url').slice(0, 20)}"`;
  return { body, type, etag, headers, isSettled, size: body.length };
}

/** Sends it, or 304 where the client has it. A proxy may keep it for others unless it was given to a key. */
export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, type, etag, headers, isSettled }: Answer,
): Buffer | undefined {
  const shared = KEY_HEADERS.every((name) => request.headers[name] === undefined);
  void reply.headers({ ...headers, etag, 'cache-control': cacheControl(isSettled, shared) });
  if (matches(request.headers['if-none-match'], etag)) {
    // As the answer itself would have it.
    const vary = reply.getHeader('vary');
    void reply.header('vary', vary === undefined ? 'accept-encoding' : `${String(vary)}, accept-encoding`);
    void reply.code(304);
    return undefined;
  }
  void reply.type(type);
  return body;
}

/** What is not settled may be kept as well, and is to be asked for again each time. */
function cacheControl(isSettled: boolean, shared: boolean): string {
  const who = shared ? 'public' : 'private';
  return isSettled ? `${who}, max-age=${SETTLED_MAX_AGE_S}` : `${who}, no-cache`;
}

/** By the weak comparison of RFC 9110, section 13.1.2. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.slice(2));
}
