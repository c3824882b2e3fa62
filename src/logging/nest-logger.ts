import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Passes what Nest itself says into our log. Its route and module listings are debug output. */
export class NestLogger implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...context: unknown[]): void {
    this.target.debug('nest.log', describe(message, context));
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.target.debug('nest.debug', describe(message, context));
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.target.debug('nest.verbose', describe(message, context));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.target.warn('nest.warn', describe(message, context));
  }

  error(message: unknown, ...context: unknown[]): void {
    // What fails while the application is being made is thrown as well, and logged by who catches it.
    if (context.at(-1) === 'ExceptionHandler') return;
    this.target.error('nest.error', describe(message, context));
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.target.error('nest.fatal', describe(message, context));
  }
}

function describe(message: unknown, context: unknown[]): Record<string, unknown> {
  const source = context.at(-1);
  const detail = message instanceof Error ? { error: message } : { message };
  return typeof source === 'string' ? { source, ...detail } : detail;
}
