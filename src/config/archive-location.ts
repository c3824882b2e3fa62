/** Where files laid out as in Binance's public archive are: below a folder, or below an address. */
export type ArchiveLocation =
  | { readonly kind: 'directory'; readonly path: string }
  /** @property base with a slash at its end */
  | { readonly kind: 'url'; readonly base: string };

/** @throws Error, without the text, where it is an address that is none */
export function parseArchiveLocation(text: string): ArchiveLocation {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: 'directory', path: text };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Error('expected a folder, or an http or https URL');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Error('expected a URL without user, password, query and fragment');
  }
  return { kind: 'url', base: url.href.replace(/\/*$/, '/') };
}
