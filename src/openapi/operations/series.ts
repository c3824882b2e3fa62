import { quarantineQuerySchema } from '../../candles/rest/candles.schemas.js';
import { revisionsQuerySchema } from '../../candles/rest/revisions.schemas.js';
import { seriesQuerySchema } from '../../candles/rest/series.schemas.js';
import {
  quarantinePage,
  revisionPage,
  seriesCoverage,
  seriesDetails,
  seriesList,
} from '../answers/series.js';
import type { Operation } from '../operation.js';
import { exchangeNote, intervalNote, json, noQuery, seriesPath, symbolNote } from './shared.js';

export const BTC = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' };
export const SUMMARY = {
  id: 1,
  ...BTC,
  first: 1792840620000,
  last: 1795432500000,
  count: 43199,
  lag: 45850,
  completeness: 0.9999768513900785,
  missing: 1,
  gaps: 1,
  revisions: 0,
  quarantined: 0,
  state: 'active',
};
const ONE = { path: { id: '1' } };
const before = { description: '`next` of the page before.' };

export const SERIES: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/series',
    id: 'listSeries',
    tag: 'Series',
    summary: 'What is kept',
    description: 'By exchange and symbol; only what matches all that is given.',
    scope: 'read',
    query: {
      schema: seriesQuerySchema,
      notes: {
        exchange: exchangeNote,
        symbol: symbolNote,
        interval: intervalNote,
        state: { description: 'Whether it is collected.' },
      },
    },
    answers: [{ status: 200, description: 'The series.', content: json(seriesList, { series: [SUMMARY] }) }],
    dialect: 'problem',
    errors: [400, 503],
  },
  {
    method: 'get',
    path: '/api/v1/series/{id}',
    id: 'getSeries',
    tag: 'Series',
    summary: 'One series',
    scope: 'read',
    parameters: seriesPath,
    query: noQuery,
    example: ONE,
    answers: [{ status: 200, description: 'The series.', content: json(seriesDetails, SUMMARY) }],
    dialect: 'problem',
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/api/v1/series/{id}/coverage',
    id: 'getSeriesCoverage',
    tag: 'Series',
    summary: 'What is known of the time of a series',
    scope: 'read',
    parameters: seriesPath,
    query: noQuery,
    example: ONE,
    answers: [
      {
        status: 200,
        description: 'The series, and its stretches of time.',
        content: json(seriesCoverage, {
          ...SUMMARY,
          coverage: [
            { from: 1792840620000, to: 1795400000000, state: 'have' },
            { from: 1795400000000, to: 1795400060000, state: 'missing', asked: 2, askedAt: 1795432145120 },
            { from: 1795400060000, to: 1795432560000, state: 'have' },
          ],
        }),
      },
    ],
    dialect: 'problem',
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/api/v1/series/{id}/revisions',
    id: 'listRevisions',
    tag: 'Series',
    summary: 'What closed candles said before the exchange changed them',
    scope: 'read',
    parameters: seriesPath,
    query: {
      schema: revisionsQuerySchema,
      notes: { limit: { description: 'Revisions of a page, 1 to 10000.' }, before },
    },
    example: ONE,
    answers: [
      {
        status: 200,
        description: 'The revisions.',
        content: json(revisionPage, {
          id: 1,
          ...BTC,
          total: 3121,
          revisions: [
            {
              revisedAt: 1795432562044,
              former: [1795432500000, 15021.11, 15022.4, 15020.85, 15022.4, 12.00731],
            },
          ],
          next: '1795432562044-1795432500000',
        }),
      },
    ],
    dialect: 'problem',
    errors: [400, 404, 503],
  },
  {
    method: 'get',
    path: '/api/v1/series/{id}/quarantine',
    id: 'listQuarantine',
    tag: 'Series',
    summary: 'What came for a series and is no candle',
    scope: 'read',
    parameters: seriesPath,
    query: {
      schema: quarantineQuerySchema,
      notes: { limit: { description: 'Rows of a page, 1 to 1000.' }, before },
    },
    example: ONE,
    answers: [
      {
        status: 200,
        description: 'The rows.',
        content: json(quarantinePage, {
          id: 1,
          ...BTC,
          quarantined: 1,
          rejections: 4,
          rows: [
            {
              id: 17,
              openTime: 1795305600000,
              reason: 'volume_negative',
              payload: '["1795305600000","14991.85","15009.68","14991.85","15009.68","-1"]',
              firstSeen: 1795305662011,
              lastSeen: 1795306262204,
              times: 4,
              resolved: false,
            },
          ],
          next: null,
        }),
      },
    ],
    dialect: 'problem',
    errors: [400, 404, 503],
  },
];
