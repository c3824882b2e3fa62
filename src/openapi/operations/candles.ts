import { candlesQuerySchema } from '../../candles/rest/candles.schemas.js';
import { told } from '../components.js';
import { candlesAnswer } from '../answers/candle.js';
import type { Notes, Operation } from '../operation.js';
import { exchangeNote, ifNoneMatch, intervalNote, json } from './shared.js';
import { z } from 'zod';

const QUERY: Notes = {
  exchange: { ...exchangeNote, description: `${exchangeNote.description} Required, but for \`at=latest\`.` },
  symbol: {
    description:
      "ccxt's symbol, or up to 100 of them with commas between them. Required, but for `at=latest`.",
    examples: ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USDT,ETH/USDT'],
  },
  interval: {
    ...intervalNote,
    description: `${intervalNote.description} Required, but for \`at=latest\`. One that is not collected is made of shorter ones.`,
  },
  from: {
    description: 'First open time: Unix ms, or ISO 8601 (UTC where it names no zone).',
    examples: ['1795305600000', '2026-11-22', '2026-11-22T12:00:00Z'],
  },
  to: { description: 'Open times from here on are left out. As `from`.', examples: ['2026-11-23'] },
  at: { description: '`latest`: the newest candle of each series that is not ruled out.' },
  limit: {
    description: 'Candles of a page, 1 to 10000; `all` of them in the formats that are not JSON.',
    examples: ['1000', 'all'],
  },
  order: { description: 'By open time. Without `from` and `to` it is the newest page either way.' },
  fill: { description: '`flat`: open times without a candle get one at the close before it, and no volume.' },
  closed: { description: '`false` adds the candle that is still open.' },
  columns: {
    description: 'What rows hold, in this order, with commas: of `open_time,open,high,low,close,volume`.',
    examples: ['open_time,close'],
  },
  format: { description: 'Instead of an `Accept` header.' },
  numbers: { description: 'In Arrow: figures as doubles, or as exact 128-bit decimals.' },
};

const text = (what: string) => told(z.string(), what);

export const CANDLES: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/candles',
    id: 'getCandles',
    tag: 'Candles',
    summary: 'Candles of one market or of several',
    description:
      'By page, or all that there are. `next` goes unchanged into `from` of the next request, or into `to` with ' +
      '`order=desc`. The format is that of `format`, or else what `Accept` names: with `limit=all`, and in Arrow, ' +
      'candles come as they are read, and the answer has no `ETag`.',
    scope: 'read',
    query: { schema: candlesQuerySchema, notes: QUERY },
    headers: ifNoneMatch,
    example: { query: { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m', limit: '2' } },
    answers: [
      {
        status: 200,
        description: 'The candles.',
        headers: ['ETag', 'Cache-Control', 'Vary', 'X-Next', 'X-Partial'],
        content: [
          ...json(candlesAnswer, {
            exchange: 'simulator',
            symbol: 'BTC/USDT',
            interval: '1m',
            candles: [
              [1795305600000, 14991.85, 15009.68, 14991.85, 15009.68, 8.4548],
              [1795305660000, 15009.68, 15009.68, 15001.69, 15008.25, 0.65556],
            ],
            next: 1795305720000,
          }),
          {
            type: 'text/csv',
            schema: text('A header line, and a line of each candle. `next` is in the header `X-Next`.'),
            example:
              'open_time,open,high,low,close,volume\n1795305600000,14991.85,15009.68,14991.85,15009.68,8.4548\n',
          },
          {
            type: 'application/x-ndjson',
            schema: text('A JSON object of each candle, one a line.'),
            example:
              '{"open_time":1795305600000,"open":14991.85,"high":15009.68,"low":14991.85,"close":15009.68,"volume":8.4548}\n',
          },
          {
            type: 'application/vnd.apache.arrow.stream',
            schema: text('An Arrow IPC stream; not text.'),
            example: '',
          },
        ],
      },
      {
        status: 304,
        description: 'What is had still holds.',
        headers: ['ETag', 'Cache-Control'],
        content: [],
      },
    ],
    dialect: 'problem',
    errors: [400, 404, 503],
  },
];
