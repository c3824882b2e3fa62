import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { AppModule, type Extension } from '../../../src/app.module.js';
import { Config } from '../../../src/config/config.js';
import { SqliteDatabase } from '../../../src/database/sqlite/sqlite-database.js';
import { atEnd, workDirectory } from '../at-end.js';
import { RecordingLog } from '../fixtures/recording-log.js';

/** The whole application inside the test's own process, so that the test can reach its connections. */
export interface RunningApp {
  readonly url: string;
  readonly file: string;
  readonly log: RecordingLog;
  readonly database: SqliteDatabase;
  readonly writer: DataSource;
  readonly reader: DataSource;
  readonly app: NestFastifyApplication;
}

export async function startApp(
  environment: Readonly<Record<string, string>>,
  extension?: Extension,
): Promise<RunningApp> {
  const file = join(workDirectory(), 'app.db');
  const config = Config.from({ DATABASE_URL: `sqlite:${file}`, ...environment });
  const log = new RecordingLog();
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, log, extension),
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  atEnd(() => app.close());
  await app.listen(0, '127.0.0.1');
  return {
    app,
    url: await app.getUrl(),
    file,
    log,
    database: app.get(SqliteDatabase),
    writer: app.get<DataSource>(getDataSourceToken('writer')),
    reader: app.get<DataSource>(getDataSourceToken('reader')),
  };
}
