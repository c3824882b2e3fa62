import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it } from 'vitest';
import { AppModule } from '../../../src/app.module.js';
import { Config } from '../../../src/config/config.js';
import { createAdapter, prepareServer } from '../../../src/http/http-server.js';
import { buildDocument } from '../../../src/openapi/document.js';
import { OPERATIONS } from '../../../src/openapi/operations/operations.js';
import { operationsOf, type Documented, type OpenApiDocument } from '../../support/client/document.js';
import { RecordingLog } from '../../support/fixtures/recording-log.js';
import { atEnd, workDirectory } from '../../support/at-end.js';

/** HEAD and OPTIONS of everything, what there is only to refuse the rest, and the dashboard. */
const NOT_TOLD = /^(?:HEAD|OPTIONS) |\*$| \/(?:dashboard.*)?$/;

it('the document tells of every route that there is, and of no other', async () => {
  const routes = await routesOfService();
  const document = buildDocument(OPERATIONS, 'any') as unknown as OpenApiDocument;
  const told = operationsOf(document).flatMap(addresses);
  expect(routes.length).toBeGreaterThan(30);
  expect(told.toSorted()).toEqual([...new Set(routes)].toSorted());
});

async function routesOfService(): Promise<string[]> {
  const config = Config.from({
    CRYPTOFLOW_ROLE: 'api',
    DATABASE_URL: `sqlite:${join(workDirectory(), 'none.db')}`,
  });
  const adapter = createAdapter(config.http);
  const routes: string[] = [];
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    // A slash at the end leads to the path without it.
    const path = url.replaceAll(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1');
    for (const one of [method].flat()) routes.push(`${one} ${path}`);
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, new RecordingLog()),
    adapter,
    { logger: false, abortOnError: false },
  );
  atEnd(() => app.close());
  await prepareServer(app, config.http);
  await app.init();
  return routes.filter((route) => !NOT_TOLD.test(route));
}

/** A path whose parameter has few values stands for so many routes. */
function addresses({ method, path, operation: { parameters = [] } }: Documented): string[] {
  const known = parameters.find((parameter) => parameter.in === 'path' && parameter.schema.enum);
  const values = known?.schema.enum ?? [''];
  return values.map((value) => `${method} ${known ? path.replace(`{${known.name}}`, value) : path}`);
}
