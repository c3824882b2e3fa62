/** The options of ccxt that name a proxy, in its two spellings. */
const PROXIES = /^(proxyUrl|https?Proxy|socksProxy|proxy_url|https?_proxy|socks_proxy)$/;

/**
 * Which address an exchange sees whoever uses these options come from, as far as it can be told here.
 *
 * @param options of one exchange, as `CRYPTOFLOW_EXCHANGES` gives them
 * @returns host and port of its proxy, without credentials; the empty string without one: this machine's own address
 */
export function addressOf(options: Readonly<Record<string, unknown>> | undefined): string {
  const proxies = Object.entries(options ?? {}).filter(([name]) => PROXIES.test(name));
  for (const [, url] of proxies) if (typeof url === 'string' && URL.canParse(url)) return new URL(url).host;
  return '';
}
