import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { BinanceRefusal, CODE, invalidData, type BinanceCode } from './refusal.js';

/**
 * Reads a query by its schema, as the pipe for all requests does, and says in Binance's words what is wrong with it.
 *
 * @example @Query(new QueryPipe(klinesSchema)) query: KlinesQuery
 */
export class QueryPipe<T> implements PipeTransform<Record<string, unknown>, T> {
  constructor(readonly schema: z.ZodType<T>) {}

  /** @throws BinanceRefusal */
  transform(query: Record<string, unknown>): T {
    for (const value of Object.values(query)) {
      if (Array.isArray(value)) {
        throw new BinanceRefusal(CODE.duplicate, 'Duplicate values for a parameter detected.');
      }
    }
    const result = this.schema.safeParse(query);
    if (result.success) return result.data;
    throw toRefusal(result.error.issues, query);
  }
}

/** The first of what is wrong, and before that a parameter that nobody knows: its value was not looked at. */
function toRefusal(issues: readonly z.core.$ZodIssue[], query: Record<string, unknown>): BinanceRefusal {
  if (issues.some(({ code }) => code === 'unrecognized_keys')) {
    return new BinanceRefusal(CODE.unknownParameter, 'An unknown parameter was sent.');
  }
  const issue = issues[0]!;
  const parameter = String(issue.path[0] ?? '');
  if (query[parameter] === '') return new BinanceRefusal(CODE.empty, `Parameter '${parameter}' was empty.`);
  if (issue.code === 'custom' && issue.params) {
    return new BinanceRefusal(issue.params['number'] as BinanceCode, issue.message);
  }
  if (issue.code === 'invalid_type') {
    const message = `Mandatory parameter '${parameter}' was not sent, was empty/null, or malformed.`;
    return new BinanceRefusal(CODE.mandatory, message);
  }
  if (issue.code === 'invalid_format') {
    const range = String(issue['pattern']).slice(1, -1);
    const message = `Illegal characters found in parameter '${parameter}'; legal range is '${range}'.`;
    return new BinanceRefusal(CODE.illegalCharacters, message);
  }
  return invalidData(parameter);
}
