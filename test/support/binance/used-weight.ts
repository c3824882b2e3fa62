const MINUTE = 60_000;

/** https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-endpoints and …/market-data-endpoints */
const WEIGHTS: Readonly<Record<string, number>> = {
  '/api/v3/exchangeInfo': 20,
  '/api/v3/klines': 2,
  '/api/v3/ping': 1,
  '/api/v3/time': 1,
};

/** What `X-MBX-USED-WEIGHT-1M` tells: the weight of the requests of the present minute. */
export class UsedWeight {
  private minute = NaN;
  private used = 0;

  /** @returns the weight used in the minute of `now` (Unix ms), this request included */
  add(path: string, now: number): number {
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.minute) this.used = 0;
    this.minute = minute;
    this.used += WEIGHTS[path] ?? 1;
    return this.used;
  }
}
