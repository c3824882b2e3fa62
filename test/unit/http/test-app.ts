import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config } from '../../../src/config/config.js';
import { foundation } from '../../../src/foundation.module.js';
import { createAdapter, prepareServer } from '../../../src/http/http-server.js';
import { HttpModule } from '../../../src/http/http.module.js';
import { atEnd } from '../../support/at-end.js';
import { RecordingLog } from '../../support/fixtures/recording-log.js';

@Module({})
class TestModule {}

export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly log: RecordingLog;
  readonly port: number;
  ask(options: RequestOptions & { body?: string; port?: number }): Promise<TestAnswer>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** Parsed; undefined where it is no JSON. */
  readonly body: any;
}

/** Controllers under everything that holds for every request, on a real socket, without a database. */
export async function startTestApp(
  environment: Readonly<Record<string, string>>,
  controllers: Type[],
): Promise<TestApp> {
  const config = Config.from(environment);
  const log = new RecordingLog();
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: TestModule, imports: [foundation(config, log), HttpModule], controllers },
    createAdapter(config.http),
    { logger: false, abortOnError: false },
  );
  await prepareServer(app, config.http);
  atEnd(() => app.close());
  await app.listen(0, config.host);
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, log, port, ask: (options) => ask({ host: '127.0.0.1', port, ...options }) };
}

/** One request, on a connection of its own, with exactly these headers. */
export function ask({ body, ...options }: RequestOptions & { body?: string }): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent: false, ...options }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const isJson = /\bjson\b/.test(answer.headers['content-type'] ?? '') && bytes[0] === 0x7b;
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          bytes,
          body: isJson ? JSON.parse(bytes.toString()) : undefined,
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
