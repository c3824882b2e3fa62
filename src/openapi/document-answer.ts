import { readFileSync } from 'node:fs';
import { toAnswer, type Answer } from '../candles/rest/answer.js';
import { buildDocument } from './document.js';
import { OPERATIONS } from './operations/operations.js';

/** The document as it is sent. Loaded when it is first asked for: nothing of it is needed to start. */
export function documentAnswer(): Answer {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const body = JSON.stringify(buildDocument(OPERATIONS, version));
  return toAnswer(Buffer.from(body), 'application/json; charset=utf-8');
}
