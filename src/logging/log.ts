/** Fields of a log event. Durations in milliseconds, times in Unix milliseconds unless the name says otherwise. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured log: an event name (`collector.batch.committed`) and fields, never a sentence to parse.
 * An `error` field may hold anything that was thrown.
 */
export abstract class Log {
  abstract debug(event: string, fields?: LogFields): void;
  abstract info(event: string, fields?: LogFields): void;
  abstract warn(event: string, fields?: LogFields): void;
  abstract error(event: string, fields?: LogFields): void;
}
