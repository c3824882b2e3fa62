import { z } from 'zod';
import { documentAnswer, file, healthReport, metricsText, page } from '../answers/service.js';
import type { Operation } from '../operation.js';
import { FILES } from '../page/page-files.js';
import { ifNoneMatch, json } from './shared.js';

const UP = { database: { responseTime: 1, status: 'up' } };
const DOWN = { database: { message: 'the database has not answered within 500 ms', status: 'down' } };
const WELL = { status: 'ok', info: UP, error: {}, details: UP };

function probe(name: string, id: string, summary: string, fails = true): Operation {
  return {
    method: 'get',
    path: `/api/health${name}`,
    id,
    tag: 'Service',
    summary,
    scope: name === '' ? 'read' : null,
    answers: [
      {
        status: 200,
        description: 'It is.',
        content: json(healthReport, fails ? WELL : { ...WELL, info: {}, details: {} }),
      },
      ...(fails
        ? [
            {
              status: 503,
              description: 'It is not.',
              content: json(healthReport, { status: 'error', info: {}, error: DOWN, details: DOWN }),
            },
          ]
        : []),
    ],
    dialect: 'problem',
    errors: [],
  };
}

export const SERVICE: readonly Operation[] = [
  probe('', 'getHealth', 'How the service is, part by part; 200 also when degraded'),
  probe('/live', 'getLiveness', 'Whether the process answers at all', false),
  probe('/ready', 'getReadiness', 'Whether the service may be sent requests'),
  probe('/startup', 'getStartup', 'Whether the database has been there once'),
  {
    method: 'get',
    path: '/metrics',
    id: 'getMetrics',
    tag: 'Service',
    summary: 'Figures for Prometheus',
    scope: 'read',
    answers: [
      {
        status: 200,
        description: 'The figures.',
        headers: ['Cache-Control'],
        content: [
          { type: 'text/plain', schema: metricsText, example: 'cryptoflow_series_lag_seconds 45.85\n' },
        ],
      },
    ],
    dialect: 'problem',
    errors: [],
  },
  {
    method: 'get',
    path: '/docs/openapi.json',
    id: 'getDocument',
    tag: 'Service',
    summary: 'This document',
    scope: 'read',
    headers: ifNoneMatch,
    answers: [
      {
        status: 200,
        description: 'The document.',
        headers: ['ETag', 'Cache-Control'],
        content: json(documentAnswer, { openapi: '3.1.0' }),
      },
      {
        status: 304,
        description: 'What is had still holds.',
        headers: ['ETag', 'Cache-Control'],
        content: [],
      },
    ],
    dialect: 'problem',
    errors: [],
  },
  {
    method: 'get',
    path: '/docs',
    id: 'getPage',
    tag: 'Service',
    summary: 'This document as a page',
    scope: null,
    headers: ifNoneMatch,
    answers: [
      {
        status: 200,
        description: 'The page.',
        headers: ['ETag', 'Cache-Control'],
        content: [{ type: 'text/html', schema: page, example: '<!doctype html>' }],
      },
    ],
    dialect: 'problem',
    errors: [],
  },
  {
    method: 'get',
    path: '/docs/{file}',
    id: 'getPageFile',
    tag: 'Service',
    summary: 'What the page is made of',
    scope: null,
    parameters: {
      schema: z.object({ file: z.enum(FILES) }),
      notes: { file: { description: 'Its name.' } },
    },
    headers: ifNoneMatch,
    example: { path: { file: 'page.js' } },
    answers: [
      {
        status: 200,
        description: 'The file.',
        headers: ['ETag', 'Cache-Control'],
        content: [{ type: '*/*', schema: file, example: '' }],
      },
    ],
    dialect: 'problem',
    errors: [404],
  },
];
