import type { Candle } from '../../../src/candles/candle.js';
import { stepOpenTime } from '../../../src/common/interval.js';
import { serveExchange, numberIn, type ExchangeData, type RunningExchange } from './exchange-server.js';

const SPOT = 'BTC-USDT';
const SWAP = 'BTC-USDT-SWAP';
const MAX_CANDLES = 300;
/** What `candles` reaches back to, from the newest on; what is older is in `history-candles`. */
const RECENT_CANDLES = 1440;
/** Where a bar has two names, the one without `utc` opens at midnight in Hong Kong: 16:00 UTC. */
const BARS: Readonly<Record<string, readonly string[]>> = {
  '1m': ['1m'],
  '1h': ['1H'],
  '6h': ['6H', '6Hutc'],
  '12h': ['12H', '12Hutc'],
  '1d': ['1D', '1Dutc'],
  '1w': ['1W', '1Wutc'],
};

/**
 * OKX's public REST API with the markets BTC/USDT and BTC/USDT:USDT.
 * https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks and …-get-candlesticks-history
 *
 * Descending, milliseconds as text; `before` and `after` exclude themselves, and `after` is the earlier of the two in the
 * answer, the later in time; the last field says whether the candle is complete; `history-candles` has complete ones only.
 */
export async function serveOkx(
  data: ExchangeData & {
    /** Candles that have ended by the clock and that OKX still calls incomplete. */
    readonly unconfirmed?: ReadonlySet<number>;
  },
): Promise<RunningExchange & { options: object }> {
  const server = await serveExchange((path, query) => {
    switch (path) {
      case '/api/v5/public/instruments':
        return { code: '0', msg: '', data: instruments(query.get('instType')) };
      case '/api/v5/market/candles':
        return data.documented ?? rows(data, query, data.candles.slice(-RECENT_CANDLES));
      case '/api/v5/market/history-candles':
        return (
          data.documented ??
          rows(
            data,
            query,
            data.candles.filter((candle) => isComplete(data, candle)),
          )
        );
      default:
        return undefined;
    }
  }, data.now);
  return {
    ...server,
    options: { urls: { api: { rest: server.url } }, options: { fetchMarkets: { types: ['spot', 'swap'] } } },
  };
}

function rows(
  data: ExchangeData & { readonly unconfirmed?: ReadonlySet<number> },
  query: URLSearchParams,
  candles: readonly Candle[],
): unknown {
  const instrument = query.get('instId') ?? '';
  if (![SPOT, SWAP].includes(instrument)) {
    return { code: '51001', msg: "Instrument ID, Instrument ID code, or Spread ID doesn't exist.", data: [] };
  }
  if (!BARS[data.interval]?.includes(query.get('bar') ?? '1m')) {
    return { code: '51000', msg: 'Parameter bar error', data: [] };
  }
  const [before, after] = [numberIn(query, 'before') ?? -Infinity, numberIn(query, 'after') ?? Infinity];
  return {
    code: '0',
    msg: '',
    data: candles
      .filter(({ openTime }) => openTime > before && openTime < after)
      .toReversed()
      .slice(0, Math.min(numberIn(query, 'limit') ?? 100, MAX_CANDLES))
      .map((candle) => {
        const { openTime, open, high, low, close, volume } = candle;
        const confirm = isComplete(data, candle) && !data.unconfirmed?.has(openTime) ? '1' : '0';
        return [String(openTime), open, high, low, close, volume, volume, '0', confirm];
      }),
  };
}

function isComplete({ interval, now }: ExchangeData, { openTime }: Candle): boolean {
  return stepOpenTime(interval, openTime, 1) <= now();
}

function instruments(type: string | null): unknown[] {
  const common = {
    listTime: '1548133413000',
    lotSz: '0.00000001',
    minSz: '0.00001',
    state: 'live',
    tickSz: '0.1',
  };
  if (type === 'SPOT') {
    return [
      { ...common, instId: SPOT, instType: 'SPOT', baseCcy: 'BTC', quoteCcy: 'USDT', settleCcy: '', uly: '' },
    ];
  }
  if (type !== 'SWAP') return [];
  const contract = { ctMult: '1', ctType: 'linear', ctVal: '0.01', ctValCcy: 'BTC', settleCcy: 'USDT' };
  return [{ ...common, ...contract, instId: SWAP, instType: 'SWAP', baseCcy: '', quoteCcy: '', uly: SPOT }];
}
