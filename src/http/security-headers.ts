import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Pages of our own: the documentation, the dashboard. Everything else is data, which no browser should render. */
const PAGES = /^\/(?:$|\*|docs(?:$|\/)|dashboard(?:$|\/))/;

/** Data: nothing may be loaded, and nobody may frame it. */
export const DATA_HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  // Pages of other origins may read what CORS lets them read.
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  xFrameOptions: { action: 'deny' },
  // Whoever terminates TLS says for how long: we speak HTTP, over which browsers ignore it.
  strictTransportSecurity: false,
  // For browsers that are gone, or for what data cannot do.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/** Pages load what is ours and ask nobody else. Swagger UI writes styles into its page. */
export const PAGE_HEADERS: FastifyHelmetOptions = {
  ...DATA_HEADERS,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
};

/** @param route its pattern */
export function isPage(route: string): boolean {
  return PAGES.test(route);
}
