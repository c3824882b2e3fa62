// Writes the types of the tests' client from the document of the built service: `npm run build` first.
//
//   node scripts/openapi-types.mjs          writes them
//   node scripts/openapi-types.mjs --print  prints them
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const FILE = fileURLToPath(new URL('../test/support/client/schema.d.ts', import.meta.url));
const HEADER = '// Made by scripts/openapi-types.mjs from the OpenAPI document. Not to be edited.\n\n';

/** The types of a document, formatted as all files here are. */
export async function typesOf(document) {
  const text = HEADER + astToString(await openapiTS(structuredClone(document), { silent: true }));
  return format(text, { ...(await resolveConfig(FILE)), parser: 'typescript' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { documentAnswer } = await import('../dist/openapi/document-answer.js');
  const types = await typesOf(JSON.parse(documentAnswer().body.toString()));
  if (process.argv.includes('--print')) process.stdout.write(types);
  else writeFileSync(FILE, types);
}
