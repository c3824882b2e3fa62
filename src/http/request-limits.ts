import type { Socket } from 'node:net';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorCode } from '../common/errors.js';
import { PROBLEM_TYPE, problemOfStatus, toProblem, type Problem } from './problem.filter.js';
import { InvalidRequestError, SlowRequestError, UriTooLongError } from './request-errors.js';

/** The longest body, in bytes: requests carry a few parameters. */
export const MAX_BODY = 64 * 1024;
/** The longest parameter within a path, in characters. */
export const MAX_PATH_PARAMETER = 200;
/** A request is received within this, whole, in milliseconds. */
export const RECEIVE_MS = 10_000;
/** How often connections are looked at for that, in milliseconds. Node would do so every 30 s. */
export const RECEIVE_CHECK_MS = 1000;
/** A connection on which nothing moves in either direction is cut, in milliseconds: whoever reads has stopped reading. */
export const IDLE_MS = 120_000;
/** The longest address with its query, in bytes. */
const MAX_URL = 8 * 1024;
const MAX_PARAMETERS = 100;

interface ConnectionError extends Error {
  /** What could not be parsed. */
  readonly rawPacket?: unknown;
}

/** @returns what is wrong with the size of a request's address, or null */
export function addressError({ url = '' }: Pick<IncomingMessage, 'url'>): Error | null {
  if (url.length > MAX_URL) return new UriTooLongError(MAX_URL);
  const query = url.indexOf('?');
  if (query < 0) return null;
  let parameters = 1;
  for (let at = url.indexOf('&', query); at >= 0; at = url.indexOf('&', at + 1)) parameters += 1;
  if (parameters <= MAX_PARAMETERS) return null;
  const problem = { parameter: 'request', message: `at most ${MAX_PARAMETERS} parameters` };
  return new InvalidRequestError('INVALID_PARAMETER', [problem]);
}

/** Answers what is no request, or not all of one, and hangs up: Fastify never gets to see it. */
export function refuseConnection(error: ConnectionError, socket: Socket): void {
  if (errorCode(error) === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable && !isAnswering(socket)) socket.write(answerOf(connectionProblem(error)));
  socket.destroy(error);
}

/** An answer to an earlier request is on its way: what is written now would stand in the middle of it. As Node does. */
function isAnswering(socket: Socket & { readonly _httpMessage?: ServerResponse | null }): boolean {
  // oxlint-disable-next-line no-underscore-dangle -- what Node itself asks, and there is nothing else to ask
  return socket._httpMessage?.headersSent === true;
}

function connectionProblem(error: ConnectionError): Problem {
  const code = errorCode(error);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return toProblem(new SlowRequestError(RECEIVE_MS / 1000));
  if (code !== 'HPE_HEADER_OVERFLOW') return problemOfStatus(400, 'this is no HTTP request');
  // The parser gives up before the end of the first line where that alone is too long.
  const { rawPacket } = error;
  const isFirstLine = Buffer.isBuffer(rawPacket) && !rawPacket.subarray(0, MAX_URL).includes('\r\n');
  return isFirstLine
    ? toProblem(new UriTooLongError(MAX_URL))
    : problemOfStatus(431, 'the headers are longer than 16 KiB');
}

function answerOf(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
