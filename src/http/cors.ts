import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { CorsOrigins } from '../config/http-options.js';

/** Headers that pages of other origins get to see, besides the few that every page sees. */
const EXPOSED = [
  'ETag',
  'Retry-After',
  'X-Next',
  'X-Partial',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-MBX-USED-WEIGHT',
  'X-MBX-USED-WEIGHT-1M',
];
const READING = ['GET', 'HEAD', 'OPTIONS'];
const ALL = [...READING, 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Browsers need not ask again for so long, in seconds; they cut it to their own maximum. */
const MAX_AGE = 86_400;

type CorsOptions = NonNullable<Parameters<NestFastifyApplication['enableCors']>[0]>;
type Answer = (error: Error | null, options?: CorsOptions) => void;

/** No cookies are used: pages of any origin may read what anybody may. */
const EVERYBODY: CorsOptions = options('*', READING);
const NOBODY: CorsOptions = { origin: false };

/** @returns the same for every request, or what decides by the request's origin */
export function corsOptions({ any, listed }: CorsOrigins): CorsOptions {
  const others = any ? EVERYBODY : NOBODY;
  if (listed.length === 0) return others;
  const ours = options([...listed], ALL);
  const delegator = ({ headers: { origin } }: FastifyRequest, answer: Answer) =>
    answer(null, origin !== undefined && listed.includes(origin) ? ours : others);
  return { delegator };
}

function options(origin: string | string[], methods: string[]): CorsOptions {
  return { origin, methods, exposedHeaders: EXPOSED, maxAge: MAX_AGE, strictPreflight: false };
}
