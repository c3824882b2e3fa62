import type { Lifecycle } from '../common/lifecycle.js';
import { EXIT } from './command.js';

/** The first signal ends the work in good order, the second one at once. @returns the exit code, once there was one */
export function stopOnSignals(lifecycle: Lifecycle): () => number | null {
  let code: number | null = null;
  const stop = (own: number) => () => {
    if (code !== null) process.exit(own);
    code = own;
    lifecycle.beginStop();
  };
  process.on('SIGINT', stop(EXIT.interrupted));
  process.on('SIGTERM', stop(EXIT.terminated));
  return () => code;
}
