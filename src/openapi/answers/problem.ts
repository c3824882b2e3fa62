import { z } from 'zod';
import { named, told } from '../components.js';

export const problem = named(
  'Problem',
  z
    .object({
      type: told(z.string(), 'The code as a URN.'),
      title: told(z.string(), 'The status in words.'),
      status: told(z.int(), 'The status of the answer.'),
      code: told(z.string().regex(/^[A-Z][A-Z_]*$/), 'Stable: this is what to match on.'),
      detail: told(z.string().optional(), 'In words, which may change.'),
      errors: told(
        z.array(z.object({ parameter: z.string(), message: z.string() })).optional(),
        'Each parameter that is wrong.',
      ),
    })
    .meta({ description: 'RFC 9457 problem details.' }),
);
