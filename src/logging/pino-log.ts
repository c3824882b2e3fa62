import { createRequire } from 'node:module';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createRedact, secretsOf, type Redact, type SecretConfig } from '../config/secrets.js';
import { Log, type LogFields } from './log.js';

/** File descriptors of a process's output. */
export const STREAMS = { stdout: 1, stderr: 2 } as const;

/** Writes events as JSON lines or, on a terminal, in colour. Secrets of the configuration never pass. */
export class PinoLog extends Log {
  private readonly pino: Logger;
  private readonly redact: Redact;

  /** @param fd where to: standard output, unless that is for something else */
  constructor(config: SecretConfig & Pick<Config, 'logLevel' | 'logFormat'>, fd: number = STREAMS.stdout) {
    super();
    this.redact = createRedact(secretsOf(config));
    const options = { level: config.logLevel, base: undefined, messageKey: 'event' };
    this.pino =
      config.logFormat === 'pretty'
        ? pino(options, prettyPrinter(fd))
        : pino(options, pino.destination({ fd, sync: true }));
  }

  debug(event: string, fields?: LogFields): void {
    if (this.pino.isLevelEnabled('debug')) this.pino.debug(this.prepare(fields), event);
  }

  info(event: string, fields?: LogFields): void {
    this.pino.info(this.prepare(fields), event);
  }

  warn(event: string, fields?: LogFields): void {
    this.pino.warn(this.prepare(fields), event);
  }

  error(event: string, fields?: LogFields): void {
    this.pino.error(this.prepare(fields), event);
  }

  private prepare(fields: LogFields = {}): LogFields {
    return this.redact('error' in fields ? { ...fields, error: describeError(fields['error']) } : fields);
  }
}

/** Loaded on a terminal only: elsewhere it would be fifty files to read at every start. */
function prettyPrinter(fd: number): DestinationStream {
  const { PinoPretty } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  return PinoPretty({ destination: fd, sync: true, messageKey: 'event', translateTime: 'SYS:HH:MM:ss.l' });
}

/** An error as plain fields, its causes included. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}
