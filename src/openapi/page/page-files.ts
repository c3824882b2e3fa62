/** What the page is made of, besides itself: each is served under its name, and nothing else is. */
export const FILES = [
  'page.js',
  'page.css',
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'favicon-32x32.png',
] as const;

export type FileName = (typeof FILES)[number];
