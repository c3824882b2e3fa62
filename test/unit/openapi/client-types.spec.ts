import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { buildDocument } from '../../../src/openapi/document.js';
import { OPERATIONS } from '../../../src/openapi/operations/operations.js';

interface Script {
  typesOf(document: unknown): Promise<string>;
}

it('the types of the client are those of the document', async () => {
  const at = (path: string) => new URL(`../../../${path}`, import.meta.url);
  const { typesOf } = (await import(at('scripts/openapi-types.mjs').href)) as Script;
  const written = await readFile(at('test/support/client/schema.d.ts'), 'utf8');
  const types = await typesOf(buildDocument(OPERATIONS, 'any'));
  expect(types === written, 'run `npm run build && node scripts/openapi-types.mjs`').toBe(true);
});
