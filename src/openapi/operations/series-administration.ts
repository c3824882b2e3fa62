import { backfillSchema, createSeriesSchema, deleteSeriesSchema } from '../../candles/rest/series.schemas.js';
import { deletedSeries, seriesSummary } from '../answers/series.js';
import type { Answer, Notes, Operation } from '../operation.js';
import { SUMMARY } from './series.js';
import { intervalNote, json, noQuery, seriesPath } from './shared.js';

const ONE = { path: { id: '1' } };
const from: Notes = {
  from: {
    description: 'How far back the history is wanted: Unix ms, or ISO 8601. Never later than before.',
    examples: ['2026-01-01'],
  },
};
const NEW = {
  ...SUMMARY,
  id: 2,
  symbol: 'ETH/USDT',
  first: null,
  last: null,
  count: 0,
  lag: null,
  completeness: null,
  missing: 0,
  gaps: 0,
};

function summary(status: number, description: string, example: object = SUMMARY): Answer {
  return { status, description, content: json(seriesSummary, example) };
}

/** What is asked to be done with one series. */
const action = {
  method: 'post',
  tag: 'Series',
  scope: 'write',
  parameters: seriesPath,
  query: noQuery,
  example: ONE,
  dialect: 'problem',
  errors: [400, 404, 503],
} as const;

export const SERIES_ADMINISTRATION: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/series',
    id: 'createSeries',
    tag: 'Series',
    summary: 'Have a series collected',
    description: 'One that is kept already is taken up again. Collectors learn of it within seconds.',
    scope: 'write',
    query: noQuery,
    body: {
      id: 'CreateSeries',
      schema: createSeriesSchema,
      required: true,
      notes: {
        exchange: { description: "ccxt's id of the exchange." },
        symbol: { description: "ccxt's symbol: `BASE/QUOTE`, or `BASE/QUOTE:SETTLE`." },
        interval: intervalNote,
        ...from,
      },
    },
    example: {
      body: { exchange: 'simulator', symbol: 'ETH/USDT', interval: '1m', from: '2026-11-22' },
    },
    answers: [
      { ...summary(201, 'It is new.', NEW), headers: ['Location'] },
      { ...summary(200, 'It was there.'), headers: ['Location'] },
    ],
    dialect: 'problem',
    errors: [400, 503],
  },
  {
    ...action,
    path: '/api/v1/series/{id}/pause',
    id: 'pauseSeries',
    summary: 'Leave a series alone',
    description: 'What is kept of it stays.',
    answers: [summary(200, 'It is paused.', { ...SUMMARY, state: 'paused' })],
  },
  {
    ...action,
    path: '/api/v1/series/{id}/resume',
    id: 'resumeSeries',
    summary: 'Collect a series again',
    description: 'From where it was left.',
    answers: [summary(200, 'It is active.')],
  },
  {
    ...action,
    path: '/api/v1/series/{id}/backfill',
    id: 'backfillSeries',
    summary: 'Have the history of a series collected',
    body: { id: 'Backfill', schema: backfillSchema, required: false, notes: from },
    answers: [summary(202, 'It will be.')],
  },
  {
    ...action,
    path: '/api/v1/series/{id}/repair',
    id: 'repairSeries',
    summary: 'Have what is missing asked for again',
    description: 'However lately it was.',
    answers: [summary(202, 'It will be.')],
  },
  {
    ...action,
    method: 'delete',
    path: '/api/v1/series/{id}',
    id: 'deleteSeries',
    summary: 'Remove a series with all of its candles',
    description: 'It is out of every answer within a second; its rows are removed by and by.',
    scope: 'admin',
    query: {
      schema: deleteSeriesSchema,
      notes: {
        confirm: {
          description: 'Required: the name of the series, `exchange:symbol@interval`.',
        },
      },
    },
    example: { ...ONE, query: { confirm: 'simulator:BTC/USDT@1m' } },
    answers: [
      { status: 202, description: 'It will be.', content: json(deletedSeries, { id: 1, deleted: true }) },
    ],
  },
];
