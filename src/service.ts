import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type Extension } from './app.module.js';
import { Clock } from './common/clock.js';
import { Lifecycle } from './common/lifecycle.js';
import { noteRequest } from './common/turns.js';
import type { Config } from './config/config.js';
import { DatabaseReadiness } from './database/database-readiness.js';
import { createAdapter, prepareServer } from './http/http-server.js';
import type { Log } from './logging/log.js';
import { NestLogger } from './logging/nest-logger.js';

/** After SIGTERM the service goes on answering for this long, so that whoever routes to it sees its 503 first. */
const LINGER_MS = 1000;
/** From the signal to the exit, whatever hangs. Kubernetes would kill after 30 s. */
const STOP_DEADLINE_MS = 9000;

/** Threads beyond the readers': the writer, the checkpointer, and name look-ups. With fewer, reads wait for those. */
const SPARE_THREADS = 4;

/** Starts the service in the role that the configuration names, and stops it on SIGTERM or SIGINT. */
export async function startService(config: Config, log: Log, extension?: Extension): Promise<void> {
  if (config.unknownVariables.length > 0)
    log.warn('config.unknown_variables', { names: config.unknownVariables });
  if (config.threads < config.readers + SPARE_THREADS) {
    log.warn('service.few_threads', {
      threads: config.threads,
      needed: config.readers + SPARE_THREADS,
      set: 'UV_THREADPOOL_SIZE before Node starts, or start through bin/cryptoflow.cjs',
    });
  }

  if (!config.http.loopback && config.http.keys.length === 0) {
    log.warn('http.unprotected', {
      host: config.host,
      open: 'whoever reaches this address can read everything; changes are refused',
      set: 'CRYPTOFLOW_API_KEYS or CRYPTOFLOW_API_KEYS_FILE (`cryptoflow key` makes one)',
    });
  }

  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, log, extension),
    createAdapter(config.http),
    {
      logger: new NestLogger(log),
      abortOnError: false,
    },
  );
  await prepareServer(app, config.http);
  closeConnectionsWhileStopping(app);
  putRequestsFirst(app);
  stopOnSignals(app, log);
  await app.listen(config.port, config.host);
  announce(config, await app.getUrl(), log);
  const ready = await app.get(DatabaseReadiness, { strict: false }).wait(app.get(Lifecycle).stopping);
  if (ready) log.info('service.ready', { database: config.database.file });
}

function announce(config: Config, url: string, log: Log): void {
  const [market] = config.markets;
  const api = {
    series: `${url}/api/v1/series`,
    candles: `${url}/api/v1/candles?exchange=${market!.exchange}&symbol=${market!.symbol}&interval=${market!.intervals[0]}`,
  };
  const look = config.role === 'collector' ? {} : api;
  log.info('service.listening', { url, role: config.role, ...look, health: `${url}/api/health` });
}

/** A connection that a client keeps open, and that is in use when the server closes, would keep it from closing. */
function closeConnectionsWhileStopping(app: NestFastifyApplication): void {
  const lifecycle = app.get(Lifecycle);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onSend', async (_request, reply) => {
    if (lifecycle.isStopping) void reply.header('connection', 'close');
  });
}

function putRequestsFirst(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async () => noteRequest());
}

function stopOnSignals(app: NestFastifyApplication, log: Log): void {
  const lifecycle = app.get(Lifecycle);
  const clock = app.get(Clock);
  const stop = async (signal: NodeJS.Signals) => {
    if (lifecycle.isStopping) return;
    lifecycle.beginStop();
    log.info('service.stopping', { signal });
    clock.after(STOP_DEADLINE_MS, () => {
      log.error('service.stop_deadline', { afterMs: STOP_DEADLINE_MS });
      process.exit(1);
    });
    try {
      if (signal === 'SIGTERM') await clock.sleep(LINGER_MS);
      await app.close();
      log.info('service.stopped');
      process.exit(0);
    } catch (error) {
      log.error('service.stop_failed', { error });
      process.exit(1);
    }
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}
