import { Controller, Get, Module, Param, UseFilters, UseGuards, type CanActivate } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it, onTestFinished } from 'vitest';
import { RollupsNotBuiltError } from '../../../../src/candles/rollup-on-demand.js';
import { CryptoFlowError } from '../../../../src/common/errors.js';
import { InvalidRequestError } from '../../../../src/http/request-errors.js';
import { Log } from '../../../../src/logging/log.js';
import { UnknownSymbolError } from '../../../../src/protocols/udf/symbol-catalog.js';
import { UdfErrorFilter } from '../../../../src/protocols/udf/udf-error.filter.js';
import { RecordingLog } from '../../../support/fixtures/recording-log.js';

const ERRORS: Readonly<Record<string, () => Error>> = {
  unknown: () => new UnknownSymbolError(),
  malformed: () => new InvalidRequestError('INVALID_PARAMETER', [{ parameter: 'to', message: 'no time' }]),
  unbuilt: () => new RollupsNotBuiltError(),
  inner: () => new Error('SQLITE_CORRUPT: /var/lib/secret.db'),
};

class Guard implements CanActivate {
  canActivate(): boolean {
    throw new CryptoFlowError('UNAUTHENTICATED', 'send an API key');
  }
}

@Controller()
@UseFilters(UdfErrorFilter)
class Failing {
  @Get('fail/:how')
  fail(@Param('how') how: string): never {
    throw ERRORS[how]!();
  }

  @Get('guarded')
  @UseGuards(Guard)
  guarded(): string {
    return '';
  }
}

async function openFailing() {
  const log = new RecordingLog();
  @Module({ controllers: [Failing], providers: [{ provide: Log, useValue: log }] })
  class FailingModule {}
  const app = await NestFactory.create<NestFastifyApplication>(FailingModule, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  onTestFinished(() => app.close());
  await app.init();
  return { log, get: (url: string) => app.inject({ method: 'GET', url }) };
}

it.each([
  ['/fail/unknown', 404, 'unknown_symbol'],
  ['/fail/malformed', 400, 'to: no time'],
  ['/fail/unbuilt', 503, 'these candles are still being made from the minutes: ask again, or for fewer'],
  ['/fail/inner', 500, 'the request failed inside the service; its log says why'],
  ['/guarded', 401, 'send an API key'],
])('says in the words of the adapter what failed: %s', async (url, status, errmsg) => {
  const { get } = await openFailing();
  const { statusCode, headers, body } = await get(url);
  expect(statusCode).toBe(status);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(body)).toEqual({ s: 'error', errmsg });
  expect(headers['retry-after']).toBe(status === 503 ? '1' : undefined);
});

it('logs what failed inside, without the query, and nothing else', async () => {
  const { get, log } = await openFailing();
  for (const how of Object.keys(ERRORS)) await get(`/fail/${how}?key=secret`);
  expect(log.events).toEqual([
    {
      level: 'error',
      event: 'http.request.failed',
      fields: { method: 'GET', path: '/fail/inner', error: expect.any(Error) },
    },
  ]);
});
