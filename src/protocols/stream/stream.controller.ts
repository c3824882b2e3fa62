import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LiveEvents } from '../../candles/live/live-events.js';
import { parseEventId } from '../../candles/live/live-event.js';
import { Clock } from '../../common/clock.js';
import { InvalidRequestError } from '../../http/request-errors.js';
import { Log } from '../../logging/log.js';
import { SseConnection } from './sse-connection.js';
import { StreamPlaces } from './stream-places.js';
import { streamQuerySchema, type StreamQuery } from './stream.schemas.js';

/** Proxies cut connections that are silent, some of them after 30 s. */
const HEARTBEAT_MS = 15_000;
/** When a client that lost its connection shall come back, in milliseconds. */
const RETRY_MS = 2000;
/** How long one that was dropped has to take what was written, in milliseconds. */
const LAST_WORDS_MS = 5000;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

@Controller('api/v1/stream')
export class StreamController {
  constructor(
    @Inject(LiveEvents) private readonly live: LiveEvents,
    @Inject(StreamPlaces) private readonly places: StreamPlaces,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Server-sent events, for as long as the client listens. */
  @Get()
  async listen(
    @Query({ schema: streamQuerySchema }) query: StreamQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastEventId(request);
    if (request.method === 'HEAD') return void reply.headers(HEADERS).send();
    const leave = this.places.enter();
    const response = reply.raw;
    let end = nothing;
    const connection = new SseConnection(toFilter(query), response, () => {
      this.log.warn('stream.client.dropped', { reason: 'slow' });
      this.clock.after(LAST_WORDS_MS, () => response.destroy());
      end();
    });
    const stopBeating = this.clock.every(HEARTBEAT_MS, () => connection.heartbeat());
    response.once('close', () => {
      stopBeating();
      end();
      leave();
    });
    try {
      // Before the answer begins, so that what goes wrong here is an error like any other.
      const begin = this.begin(reply);
      end = await this.live.subscribe(connection, after, begin);
      if (response.destroyed) end();
    } catch (error) {
      stopBeating();
      if (!response.headersSent) {
        leave();
        throw error;
      }
      this.log.warn('stream.client.failed', { error });
      response.destroy();
    }
  }

  private begin(reply: FastifyReply): () => void {
    return () => {
      reply.hijack();
      const headers = reply.getHeaders();
      reply.raw.writeHead(200, {
        ...(headers as Record<string, string>),
        ...HEADERS,
      });
      reply.raw.write(`retry: ${RETRY_MS}\n\n`);
    };
  }
}

function nothing(): void {
  // it listens to nothing yet
}

function toFilter({ exchange, symbol, interval, events }: StreamQuery) {
  return { exchange, symbols: symbol, intervals: interval, kinds: events };
}

/** Whoever comes back says what came last. @throws InvalidRequestError */
function lastEventId({ headers }: FastifyRequest) {
  const header = headers['last-event-id'];
  if (header === undefined || header === '') return undefined;
  const id = typeof header === 'string' ? parseEventId(header) : null;
  if (id) return id;
  const problem = { parameter: 'Last-Event-ID', message: 'expected the id of an event of this stream' };
  throw new InvalidRequestError('INVALID_PARAMETER', [problem]);
}
