import type { FastifyRequest } from 'fastify';

const PROBES: ReadonlySet<string | undefined> = new Set([
  '/api/health/live',
  '/api/health/ready',
  '/api/health/startup',
]);

/** Whether an orchestrator asks how the process is: it has no key, and asks as often as it is told to. */
export function isProbe({ routeOptions: { url } }: FastifyRequest): boolean {
  return PROBES.has(url);
}
