import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  /** The same seed gives the same faults in the same order; when they hit is up to the machine. */
  readonly seed: number;
}

/** @throws TypeError for what it does not know, and for what is no number */
export function parseOptions(argv: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
  });
  const minutes = Number(values.minutes);
  const seed = values.seed === undefined ? Date.now() % 0xffff_ffff : Number(values.seed);
  if (!(minutes > 0) || !Number.isInteger(seed))
    throw new TypeError('usage: npm run test:soak -- [--minutes 10] [--seed 1]');
  return { minutes, seed };
}
