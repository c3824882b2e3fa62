// Prints as JSON with which error a path is refused to the user of this process.
import { assertWritable } from '../../../dist/database/sqlite/preflight.js';

const [, , file] = process.argv;
const refusal = await assertWritable(file).then(
  () => null,
  ({ code, message }) => ({ code, message }),
);
process.stdout.write(JSON.stringify(refusal));
