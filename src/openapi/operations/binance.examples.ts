export const KLINE_EXAMPLE = [
  [
    1795907280000,
    '16281.67',
    '16286.91',
    '16280.96',
    '16280.96',
    '1.12999',
    1795907339999,
    '0',
    0,
    '0',
    '0',
    '0',
  ],
];

const NO_LIMIT = '1000000000000';

export const EXCHANGE_EXAMPLE = {
  timezone: 'UTC',
  serverTime: 1795907315202,
  rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 }],
  exchangeFilters: [],
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      baseAsset: 'BTC',
      baseAssetPrecision: 8,
      quoteAsset: 'USDT',
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      baseCommissionPrecision: 8,
      quoteCommissionPrecision: 8,
      orderTypes: ['LIMIT', 'MARKET'],
      icebergAllowed: false,
      ocoAllowed: false,
      otoAllowed: false,
      quoteOrderQtyMarketAllowed: false,
      allowTrailingStop: false,
      cancelReplaceAllowed: false,
      amendAllowed: false,
      pegInstructionsAllowed: false,
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: false,
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: NO_LIMIT, tickSize: '0.01' },
        { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: NO_LIMIT, stepSize: '0.00001' },
      ],
      permissions: [],
      permissionSets: [['SPOT']],
      defaultSelfTradePreventionMode: 'NONE',
      allowedSelfTradePreventionModes: ['NONE'],
    },
  ],
};

const BOOK = { bidPrice: '16280.96', bidQty: '0', askPrice: '16280.96', askQty: '0' };

export const BOOK_EXAMPLE = { symbol: 'BTCUSDT', ...BOOK };

export const TICKER_EXAMPLE = {
  symbol: 'BTCUSDT',
  priceChange: '234.25',
  priceChangePercent: '1.46',
  weightedAvgPrice: '16391.80915777',
  prevClosePrice: '16046.71',
  lastPrice: '16280.96',
  lastQty: '0',
  ...BOOK,
  openPrice: '16046.71',
  highPrice: '16596.97',
  lowPrice: '16025.61',
  volume: '6776.31014',
  quoteVolume: '111075982.6087269',
  openTime: 1795820880000,
  closeTime: 1795907315239,
  firstId: -1,
  lastId: -1,
  count: 0,
};

export const AVERAGE_EXAMPLE = { mins: 5, price: '16276.21054188', closeTime: 1795907315296 };
