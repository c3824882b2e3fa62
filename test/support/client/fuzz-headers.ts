import fc from 'fast-check';
import { headerValue } from './fuzz-values.js';

const encoding = fc.constantFrom(
  'br',
  'gzip',
  'identity',
  'zstd',
  '*;q=0',
  'gzip;q=abc',
  'br;q=0, gzip',
  'deflate, *',
);
const accept = fc.constantFrom(
  '*/*',
  'text/csv',
  'application/x-ndjson',
  'application/*;q=x',
  ';q=1',
  'a/b,,c',
  'text/html',
);
const etag = fc.constantFrom('*', 'W/"x"', '"x", W/"y"', '"', 'W/', ',,,');

const eventId = fc.constantFrom('1', '1-0', '999999999999999-999999999', '-1', '0');

const some: Readonly<Record<string, fc.Arbitrary<string>>> = {
  accept: fc.oneof(accept, headerValue),
  'accept-encoding': fc.oneof(encoding, headerValue),
  'if-none-match': fc.oneof(etag, headerValue),
  'last-event-id': fc.oneof(eventId, headerValue),
  'access-control-request-method': headerValue,
  'x-api-key': headerValue,
  authorization: headerValue,
  'x-http-method-override': fc.constantFrom('DELETE', 'POST'),
  range: fc.constantFrom('bytes=0-1', 'bytes=-1', 'bytes=a'),
  cookie: headerValue,
};
/** Changes are refused to whoever sends these. */
const foreign: Readonly<Record<string, fc.Arbitrary<string>>> = {
  origin: fc.oneof(fc.constantFrom('null', 'http://example.com', 'http://127.0.0.1'), headerValue),
  'x-forwarded-for': headerValue,
};

/** Headers of all kinds, right and wrong. */
export const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 2 },
  { arbitrary: fc.record(some, { requiredKeys: [] }).map(plain), weight: 6 },
  { arbitrary: fc.record({ ...some, ...foreign }, { requiredKeys: [] }).map(plain), weight: 1 },
);

function plain(headers: Partial<Record<string, string>>): Record<string, string> {
  return { ...(headers as Record<string, string>) };
}
