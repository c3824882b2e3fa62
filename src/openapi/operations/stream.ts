import { z } from 'zod';
import { streamQuerySchema } from '../../protocols/stream/stream.schemas.js';
import { eventStream } from '../answers/service.js';
import type { Operation } from '../operation.js';
import { exchangeNote, intervalNote } from './shared.js';

export const STREAM: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/stream',
    id: 'streamCandles',
    tag: 'Stream',
    summary: 'Candles as they come',
    description:
      'Server-sent events, for as long as the client listens. Without `interval`, each series at its own. Whoever ' +
      'comes back with `Last-Event-ID` gets what has come since.',
    scope: 'read',
    query: {
      schema: streamQuerySchema,
      notes: {
        exchange: exchangeNote,
        symbol: { description: "ccxt's symbols, with commas between them.", examples: ['BTC/USDT,ETH/USDT'] },
        interval: {
          description: `Intervals, with commas between them: ${intervalNote.enum!.join(', ')}.`,
          examples: ['1m,1h'],
        },
        events: {
          description: 'Of `forming`, `closed` and `revised`, with commas between them.',
          examples: ['closed,revised'],
        },
      },
    },
    headers: {
      schema: z.object({ 'Last-Event-ID': z.string().optional() }),
      notes: { 'Last-Event-ID': { description: '`id` of the last event that came.' } },
    },
    example: { query: { exchange: 'simulator', symbol: 'BTC/USDT' } },
    answers: [
      {
        status: 200,
        description: 'The events.',
        headers: ['Cache-Control'],
        content: [
          {
            type: 'text/event-stream',
            schema: eventStream,
            example:
              'retry: 2000\n\nevent: closed\nid: 17-0\ndata: {"exchange":"simulator","symbol":"BTC/USDT","interval":"1m",' +
              '"candle":[1795305600000,14991.85,15009.68,14991.85,15009.68,8.4548]}\n\n',
          },
        ],
      },
    ],
    dialect: 'problem',
    errors: [400, 503],
  },
];
