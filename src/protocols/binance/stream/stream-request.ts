import { z } from 'zod';

/** Streams of one connection. */
export const MAX_STREAMS = 1024;

const id = z.union([z.number().int(), z.string().max(36), z.null()]).optional();
const names = z.array(z.string().max(60)).min(1).max(MAX_STREAMS);

/** What a client may send. */
const requestSchema = z.discriminatedUnion('method', [
  z.object({ method: z.enum(['SUBSCRIBE', 'UNSUBSCRIBE']), params: names, id }),
  z.object({ method: z.literal('LIST_SUBSCRIPTIONS'), id }),
  z.object({ method: z.literal('SET_PROPERTY'), params: z.tuple([z.literal('combined'), z.boolean()]), id }),
  z.object({ method: z.literal('GET_PROPERTY'), params: z.tuple([z.literal('combined')]), id }),
]);

export type StreamRequest = z.infer<typeof requestSchema>;

/** A message that is no request of the protocol, with Binance's code for it. */
export interface BadRequest {
  readonly code: 2 | 3;
  readonly msg: string;
}

export function parseStreamRequest(text: string): StreamRequest | BadRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: 3, msg: 'Invalid JSON: expected value' };
  }
  const result = requestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  return { code: 2, msg: `Invalid request: ${issue.path.join('.') || 'request'}: ${issue.message}` };
}
