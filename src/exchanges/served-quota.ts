/** What an exchange says of the requests that this address has used up. */
export interface ServedQuota {
  /** In the exchange's own unit: requests, or weight. */
  readonly used: number;
  readonly limit: number;
  /** Until the exchange counts from 0 again, in milliseconds. */
  readonly resetsInMs: number;
}

export type ReadHeader = (name: string) => string | undefined;

const MINUTE = 60_000;

/**
 * Reads the headers in which exchanges tell what has been used up.
 *
 * Binance counts weight by the minute of its clock and does not send the limit:
 * https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits. KuCoin sends both and the rest of its window:
 * https://www.kucoin.com/docs-new/rate-limit.
 *
 * @param url of the request: one exchange counts each of its APIs for itself
 * @param now the exchange's clock, Unix ms
 */
export function readQuota(url: string, header: ReadHeader, now: number): ServedQuota | undefined {
  const weight = count(header('x-mbx-used-weight-1m'));
  if (weight !== undefined) {
    return { used: weight, limit: binanceLimit(url), resetsInMs: MINUTE - (now % MINUTE) };
  }
  const limit = count(header('gw-ratelimit-limit'));
  const left = count(header('gw-ratelimit-remaining'));
  const resetsInMs = count(header('gw-ratelimit-reset'));
  if (!limit || left === undefined || resetsInMs === undefined) return undefined;
  return { used: Math.max(0, limit - left), limit, resetsInMs };
}

/** What each of Binance's `exchangeInfo` names under `REQUEST_WEIGHT`. */
function binanceLimit(url: string): number {
  if (/\/[fd]api\//.test(url)) return 2400;
  if (url.includes('/eapi/')) return 400;
  return url.includes('binance.us/') ? 1200 : 6000;
}

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}
