// Made by scripts/openapi-types.mjs from the OpenAPI document. Not to be edited.

export interface paths {
  '/api/v1/candles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Candles of one market or of several
     * @description By page, or all that there are. `next` goes unchanged into `from` of the next request, or into `to` with `order=desc`. The format is that of `format`, or else what `Accept` names: with `limit=all`, and in Arrow, candles come as they are read, and the answer has no `ETag`.
     *
     *     Scope: `read`.
     */
    get: operations['getCandles'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is kept
     * @description By exchange and symbol; only what matches all that is given.
     *
     *     Scope: `read`.
     */
    get: operations['listSeries'];
    put?: never;
    /**
     * Have a series collected
     * @description One that is kept already is taken up again. Collectors learn of it within seconds.
     *
     *     Scope: `write`.
     */
    post: operations['createSeries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One series
     * @description Scope: `read`.
     */
    get: operations['getSeries'];
    put?: never;
    post?: never;
    /**
     * Remove a series with all of its candles
     * @description It is out of every answer within a second; its rows are removed by and by.
     *
     *     Scope: `admin`.
     */
    delete: operations['deleteSeries'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/coverage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is known of the time of a series
     * @description Scope: `read`.
     */
    get: operations['getSeriesCoverage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/revisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What closed candles said before the exchange changed them
     * @description Scope: `read`.
     */
    get: operations['listRevisions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/quarantine': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What came for a series and is no candle
     * @description Scope: `read`.
     */
    get: operations['listQuarantine'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Leave a series alone
     * @description What is kept of it stays.
     *
     *     Scope: `write`.
     */
    post: operations['pauseSeries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Collect a series again
     * @description From where it was left.
     *
     *     Scope: `write`.
     */
    post: operations['resumeSeries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/backfill': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Have the history of a series collected
     * @description Scope: `write`.
     */
    post: operations['backfillSeries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/series/{id}/repair': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Have what is missing asked for again
     * @description However lately it was.
     *
     *     Scope: `write`.
     */
    post: operations['repairSeries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Candles as they come
     * @description Server-sent events, for as long as the client listens. Without `interval`, each series at its own. Whoever comes back with `Last-Event-ID` gets what has come since.
     *
     *     Scope: `read`.
     */
    get: operations['streamCandles'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How the service is, part by part; 200 also when degraded
     * @description Scope: `read`.
     */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether the process answers at all
     * @description Open to everybody.
     */
    get: operations['getLiveness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether the service may be sent requests
     * @description Open to everybody.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/health/startup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether the database has been there once
     * @description Open to everybody.
     */
    get: operations['getStartup'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Figures for Prometheus
     * @description Scope: `read`.
     */
    get: operations['getMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * This document
     * @description Scope: `read`.
     */
    get: operations['getDocument'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * This document as a page
     * @description Open to everybody.
     */
    get: operations['getPage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/{file}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the page is made of
     * @description Open to everybody.
     */
    get: operations['getPageFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the datafeed can do
     * @description Scope: `read`.
     */
    get: operations['getUdfConfig'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/time': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The time, in Unix seconds
     * @description Scope: `read`.
     */
    get: operations['getUdfTime'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/symbols': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One symbol
     * @description Scope: `read`.
     */
    get: operations['getUdfSymbol'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/symbol_info': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All symbols of an exchange, by columns
     * @description Scope: `read`.
     */
    get: operations['getUdfSymbolInfo'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Symbols that match, the best first
     * @description Scope: `read`.
     */
    get: operations['searchUdfSymbols'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Bars
     * @description The newest of the window, ascending; the last one may be open. 50,000 at most.
     *
     *     Scope: `read`.
     */
    get: operations['getUdfHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/marks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was not sent, and what was changed later, by columns
     * @description Scope: `read`.
     */
    get: operations['getUdfMarks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/timescale_marks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where the history begins and ends, and its holes
     * @description Scope: `read`.
     */
    get: operations['getUdfTimescaleMarks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/udf/quotes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Last prices, with the day that they belong to
     * @description Scope: `read`.
     */
    get: operations['getUdfQuotes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/ping': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether it answers
     * @description Scope: `read`.
     */
    get: operations['getBinancePing'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/ping': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether it answers, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinancePingOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/time': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The time
     * @description Scope: `read`.
     */
    get: operations['getBinanceTime'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/time': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The time, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceTimeOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/exchangeInfo': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Symbols with their steps
     * @description Scope: `read`.
     */
    get: operations['getBinanceExchangeInfo'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/exchangeInfo': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Symbols with their steps, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceExchangeInfoOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/klines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Candles, ascending; the last one may be open
     * @description Scope: `read`.
     */
    get: operations['getBinanceKlines'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/klines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Candles, ascending; the last one may be open, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceKlinesOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/uiKlines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Candles, ascending; the last one may be open
     * @description Scope: `read`.
     */
    get: operations['getBinanceUiKlines'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/uiKlines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Candles, ascending; the last one may be open, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceUiKlinesOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/ticker/24hr': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The last 24 hours
     * @description Scope: `read`.
     */
    get: operations['getBinanceDayTicker'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/ticker/24hr': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The last 24 hours, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceDayTickerOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/ticker/price': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Last prices
     * @description Scope: `read`.
     */
    get: operations['getBinancePriceTicker'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/ticker/price': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Last prices, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinancePriceTickerOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/ticker/bookTicker': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Last prices, as both sides of a book that is not kept
     * @description Scope: `read`.
     */
    get: operations['getBinanceBookTicker'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/ticker/bookTicker': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Last prices, as both sides of a book that is not kept, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceBookTickerOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/api/v3/avgPrice': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The average price of the last minutes
     * @description Scope: `read`.
     */
    get: operations['getBinanceAveragePrice'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/binance/{exchange}/api/v3/avgPrice': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The average price of the last minutes, of an exchange
     * @description Scope: `read`.
     */
    get: operations['getBinanceAveragePriceOfExchange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    BinancePing: Record<string, never>;
    BinanceTime: {
      /** @description Unix ms. */
      serverTime: number;
    };
    BinanceKline: [number, string, string, string, string, string, number, '0', 0, '0', '0', '0'];
    BinanceKlines: components['schemas']['BinanceKline'][];
    BinanceExchangeInfo: {
      /** @constant */
      timezone: 'UTC';
      /** @description Unix ms. */
      serverTime: number;
      rateLimits: {
        rateLimitType: string;
        interval: string;
        intervalNum: number;
        limit: number;
      }[];
      exchangeFilters: unknown[];
      symbols: {
        /** @description Base and quote: `BTCUSDT`. */
        symbol: string;
        /** @enum {string} */
        status: 'TRADING' | 'BREAK';
        baseAsset: string;
        baseAssetPrecision: number;
        quoteAsset: string;
        quotePrecision: number;
        quoteAssetPrecision: number;
        baseCommissionPrecision: number;
        quoteCommissionPrecision: number;
        orderTypes: string[];
        icebergAllowed: boolean;
        ocoAllowed: boolean;
        otoAllowed: boolean;
        quoteOrderQtyMarketAllowed: boolean;
        allowTrailingStop: boolean;
        cancelReplaceAllowed: boolean;
        amendAllowed: boolean;
        pegInstructionsAllowed: boolean;
        isSpotTradingAllowed: boolean;
        isMarginTradingAllowed: boolean;
        /** @description Steps of prices and amounts. */
        filters: ({
          filterType: string;
        } & {
          [key: string]: unknown;
        })[];
        permissions: string[];
        permissionSets?: string[][];
        defaultSelfTradePreventionMode: string;
        allowedSelfTradePreventionModes: string[];
      }[];
    };
    BinanceMiniTicker: {
      /** @description Base and quote: `BTCUSDT`. */
      symbol: string;
      /** @description Exact decimal. */
      openPrice: string;
      /** @description Exact decimal. */
      highPrice: string;
      /** @description Exact decimal. */
      lowPrice: string;
      /** @description Exact decimal. */
      lastPrice: string;
      /** @description Exact decimal. */
      volume: string;
      /** @description Each candle at its close. */
      quoteVolume: string;
      /** @description Unix ms. */
      openTime: number;
      /** @description Unix ms. */
      closeTime: number;
      /**
       * @description Not kept.
       * @constant
       */
      firstId: -1;
      /**
       * @description Not kept.
       * @constant
       */
      lastId: -1;
      /**
       * @description Not kept.
       * @constant
       */
      count: 0;
    };
    BinanceTicker: {
      /** @description Base and quote: `BTCUSDT`. */
      symbol: string;
      /** @description Exact decimal. */
      priceChange: string;
      /** @description Exact decimal. */
      priceChangePercent: string;
      /** @description Exact decimal. */
      weightedAvgPrice: string;
      /** @description Exact decimal. */
      prevClosePrice: string;
      /**
       * @description Not kept.
       * @constant
       */
      lastQty: '0';
      /** @description Exact decimal. */
      bidPrice: string;
      /**
       * @description Not kept.
       * @constant
       */
      bidQty: '0';
      /** @description Exact decimal. */
      askPrice: string;
      /**
       * @description Not kept.
       * @constant
       */
      askQty: '0';
      /** @description Exact decimal. */
      openPrice: string;
      /** @description Exact decimal. */
      highPrice: string;
      /** @description Exact decimal. */
      lowPrice: string;
      /** @description Exact decimal. */
      lastPrice: string;
      /** @description Exact decimal. */
      volume: string;
      /** @description Each candle at its close. */
      quoteVolume: string;
      /** @description Unix ms. */
      openTime: number;
      /** @description Unix ms. */
      closeTime: number;
      /**
       * @description Not kept.
       * @constant
       */
      firstId: -1;
      /**
       * @description Not kept.
       * @constant
       */
      lastId: -1;
      /**
       * @description Not kept.
       * @constant
       */
      count: 0;
    };
    BinancePrice: {
      /** @description Base and quote: `BTCUSDT`. */
      symbol: string;
      /** @description Exact decimal. */
      price: string;
    };
    BinanceBookTicker: {
      /** @description Base and quote: `BTCUSDT`. */
      symbol: string;
      /** @description Exact decimal. */
      bidPrice: string;
      /**
       * @description Not kept.
       * @constant
       */
      bidQty: '0';
      /** @description Exact decimal. */
      askPrice: string;
      /**
       * @description Not kept.
       * @constant
       */
      askQty: '0';
    };
    BinanceAveragePrice: {
      /** @description Over so many minutes. */
      mins: number;
      /** @description Exact decimal. */
      price: string;
      /** @description Unix ms. */
      closeTime: number;
    };
    BinanceError: {
      /** @description Binance's number. */
      code: number;
      msg: string;
    };
    /** @description RFC 9457 problem details. */
    Problem: {
      /** @description The code as a URN. */
      type: string;
      /** @description The status in words. */
      title: string;
      /** @description The status of the answer. */
      status: number;
      /** @description Stable: this is what to match on. */
      code: string;
      /** @description In words, which may change. */
      detail?: string;
      /** @description Each parameter that is wrong. */
      errors?: {
        parameter: string;
        message: string;
      }[];
    };
    UdfConfig: {
      supports_search: boolean;
      supports_group_request: boolean;
      supports_marks: boolean;
      supports_timescale_marks: boolean;
      supports_time: boolean;
      supported_resolutions: string[];
      exchanges: {
        value: string;
        name: string;
        desc: string;
      }[];
      symbols_types: {
        value: string;
        name: string;
      }[];
    };
    UdfSymbol: {
      name: string;
      full_name: string;
      /** @description What charts ask for: `BINANCE:BTC/USDT`. */
      ticker: string;
      description: string;
      type: string;
      session: string;
      timezone: string;
      exchange: string;
      listed_exchange: string;
      /** @description The tick size is `minmov / pricescale`. */
      minmov: number;
      pricescale: number;
      has_intraday: boolean;
      has_daily: boolean;
      has_weekly_and_monthly: boolean;
      intraday_multipliers: string[];
      supported_resolutions: string[];
      volume_precision: number;
      format: string;
      /** @enum {string} */
      data_status: 'streaming' | 'endofday';
    };
    UdfFoundSymbol: {
      symbol: string;
      full_name: string;
      description: string;
      exchange: string;
      ticker: string;
      type: string;
    };
    /** @description A column for each thing that is told of the symbols. */
    UdfSymbolColumns: {
      [key: string]: unknown[];
    };
    UdfHistory:
      | {
          /** @constant */
          s: 'ok';
          t: number[];
          /** @description One of each bar; exact decimals. */
          o: number[];
          /** @description One of each bar; exact decimals. */
          h: number[];
          /** @description One of each bar; exact decimals. */
          l: number[];
          /** @description One of each bar; exact decimals. */
          c: number[];
          /** @description One of each bar; exact decimals. */
          v: number[];
        }
      | {
          /** @constant */
          s: 'no_data';
          /** @description The nearest bar before the window. */
          nextTime?: number;
        };
    UdfMarks: {
      id: string[];
      time: number[];
      color: string[];
      text: string[];
      label: string[];
      labelFontColor: string[];
      minSize: number[];
    };
    UdfTimescaleMarks: {
      id: string;
      /** @description Unix seconds. */
      time: number;
      color: string;
      label: string;
      tooltip: string[];
    }[];
    UdfQuotes: {
      /** @constant */
      s: 'ok';
      d: (
        | {
            /** @constant */
            s: 'ok';
            /** @description As it was asked for. */
            n: string;
            v: {
              short_name: string;
              exchange: string;
              description: string;
              /** @description Change since the day before. */
              ch: number;
              /** @description The same in percent. */
              chp: number;
              /** @description Last price. */
              lp: number;
              ask: number;
              bid: number;
              open_price: number;
              high_price: number;
              low_price: number;
              prev_close_price: number;
              volume: number;
            };
          }
        | {
            /** @constant */
            s: 'error';
            n: string;
            v: Record<string, never>;
          }
      )[];
    };
    UdfError: {
      /** @constant */
      s: 'error';
      /** @description What charts show. */
      errmsg: string;
    };
    /** @description `[openTime, open, high, low, close, volume]`. */
    Candle: [number, number, number, number, number, number];
    CandlePage: {
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /** @description What rows hold, where it was asked for. */
      columns?: ('open_time' | 'open' | 'high' | 'low' | 'close' | 'volume')[];
      /** @description In the order that was asked for. */
      candles: (components['schemas']['Candle'] | number[])[];
      /** @description `from` of the next page, or `to` with `order=desc`; null when there is no more. */
      next: number | null;
      /** @description With `closed=false`: open time of the candles from which on they are not over, or null. */
      forming?: number | null;
      /** @description With `fill=flat`: open times of those that were filled in. */
      filled?: number[];
      /** @description Where longer candles were made of shorter ones: open times of those of which some are missing. */
      partial?: number[];
    };
    CandlePages: {
      /** @description One page of each symbol, in the order of the request. */
      results: components['schemas']['CandlePage'][];
    };
    LatestCandles: {
      /** @description The newest candle of each series. */
      candles: {
        /** @description ccxt's id of the exchange. */
        exchange: string;
        /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
        symbol: string;
        /**
         * @description How long a candle lasts.
         * @enum {string}
         */
        interval:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        candle: components['schemas']['Candle'];
        /** @description Whether it is over. */
        closed: boolean;
      }[];
    };
    SeriesSummary: {
      /** @description Number of the series. */
      id: number;
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /** @description How far the exchange's open times lie from the interval's own grid, in milliseconds; left out where they do not. */
      anchor?: number;
      /** @description Open time of the oldest candle, or null where there is none yet. */
      first: number | null;
      /** @description Open time of the newest closed candle. */
      last: number | null;
      /** @description Closed candles that are kept. */
      count: number;
      /** @description Milliseconds since the newest closed. */
      lag: number | null;
      /** @description `count / (count + missing)`; null where nothing should be there. */
      completeness: number | null;
      /** @description Candles that should be there and are not. */
      missing: number;
      /** @description In how many stretches those lie. */
      gaps: number;
      /** @description How often a candle came with other figures than it had. */
      revisions: number;
      /** @description Rows that are kept and are no candles. */
      quarantined: number;
      /**
       * @description `active`: collected. `paused`: kept, and left alone. `delisted`: its market is gone.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'delisted';
    };
    SeriesList: {
      series: components['schemas']['SeriesSummary'][];
    };
    SeriesDetails: {
      /** @description Number of the series. */
      id: number;
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /** @description How far the exchange's open times lie from the interval's own grid, in milliseconds; left out where they do not. */
      anchor?: number;
      /** @description Open time of the oldest candle, or null where there is none yet. */
      first: number | null;
      /** @description Open time of the newest closed candle. */
      last: number | null;
      /** @description Closed candles that are kept. */
      count: number;
      /** @description Milliseconds since the newest closed. */
      lag: number | null;
      /** @description `count / (count + missing)`; null where nothing should be there. */
      completeness: number | null;
      /** @description Candles that should be there and are not. */
      missing: number;
      /** @description In how many stretches those lie. */
      gaps: number;
      /** @description How often a candle came with other figures than it had. */
      revisions: number;
      /** @description Rows that are kept and are no candles. */
      quarantined: number;
      /**
       * @description `active`: collected. `paused`: kept, and left alone. `delisted`: its market is gone.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'delisted';
      /** @description Of a series that could be made of minutes as well: how the two compare. */
      rollupCheck?: {
        /** @description Candles of which no minute was missing. */
        compared: number;
        /** @description How many of them differ from what the minutes make. */
        different: number;
        /** @description Open time of the newest that differs, or null. */
        lastDifference: number | null;
        /** @description Unix ms. */
        checkedAt: number;
      };
    };
    CoverageSpan: {
      /** @description First open time. */
      from: number;
      /** @description Open times from here on are left out. */
      to: number;
      /**
       * @description `missing`: the exchange did not send them. `empty`: nothing was traded. `unlisted`, `delisted`: there was no market.
       * @enum {string}
       */
      state: 'have' | 'missing' | 'empty' | 'unlisted' | 'delisted';
      /** @description How often it was asked for. */
      asked?: number;
      /** @description When it was last asked for. */
      askedAt?: number;
    };
    SeriesCoverage: {
      /** @description Number of the series. */
      id: number;
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /** @description How far the exchange's open times lie from the interval's own grid, in milliseconds; left out where they do not. */
      anchor?: number;
      /** @description Open time of the oldest candle, or null where there is none yet. */
      first: number | null;
      /** @description Open time of the newest closed candle. */
      last: number | null;
      /** @description Closed candles that are kept. */
      count: number;
      /** @description Milliseconds since the newest closed. */
      lag: number | null;
      /** @description `count / (count + missing)`; null where nothing should be there. */
      completeness: number | null;
      /** @description Candles that should be there and are not. */
      missing: number;
      /** @description In how many stretches those lie. */
      gaps: number;
      /** @description How often a candle came with other figures than it had. */
      revisions: number;
      /** @description Rows that are kept and are no candles. */
      quarantined: number;
      /**
       * @description `active`: collected. `paused`: kept, and left alone. `delisted`: its market is gone.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'delisted';
      /** @description Ascending. A stretch that is not listed was not asked for yet. */
      coverage: components['schemas']['CoverageSpan'][];
    };
    RevisionPage: {
      /** @description Number of the series. */
      id: number;
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /** @description Revisions in all. */
      total: number;
      /** @description What closed candles said before, the latest change first. */
      revisions: {
        /** @description When the other figures came. */
        revisedAt: number;
        former: components['schemas']['Candle'];
      }[];
      /** @description `before` of the next page; null when there is no more. */
      next: string | null;
    };
    QuarantinePage: {
      /** @description Number of the series. */
      id: number;
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BTC/USDT`, `BTC/USDT:USDT`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /** @description Rows that are kept. */
      quarantined: number;
      /** @description Rows in all, those that are not kept included. */
      rejections: number;
      /** @description Newest first. */
      rows: {
        /** @description Number of the row. */
        id: number;
        /** @description Null where none can be read. */
        openTime: number | null;
        /** @description Why it is no candle. */
        reason: string;
        /** @description The row as it was sent, cut after 500 characters. */
        payload: string;
        /** @description When it came first. */
        firstSeen: number;
        /** @description When it came last. */
        lastSeen: number;
        /** @description How often it came. */
        times: number;
        /** @description Whether a candle of that time has come since. */
        resolved: boolean;
      }[];
      /** @description `before` of the next page; null when there is no more. */
      next: number | null;
    };
    DeletedSeries: {
      /** @description Number of the series. */
      id: number;
      /** @constant */
      deleted: true;
    };
    HealthReport: {
      /**
       * @description The worst of the parts.
       * @enum {string}
       */
      status: 'ok' | 'error' | 'degraded' | 'shutting_down';
      /** @description The parts that are well, by name. */
      info: {
        [key: string]: {
          /**
           * @description `degraded`: it answers, and something wants a look.
           * @enum {string}
           */
          status: 'up' | 'down' | 'degraded';
        } & {
          [key: string]: unknown;
        };
      };
      /** @description The parts that are down. */
      error: {
        [key: string]: {
          /**
           * @description `degraded`: it answers, and something wants a look.
           * @enum {string}
           */
          status: 'up' | 'down' | 'degraded';
        } & {
          [key: string]: unknown;
        };
      };
      /** @description All parts. */
      details: {
        [key: string]: {
          /**
           * @description `degraded`: it answers, and something wants a look.
           * @enum {string}
           */
          status: 'up' | 'down' | 'degraded';
        } & {
          [key: string]: unknown;
        };
      };
    };
    CreateSeries: {
      /** @description ccxt's id of the exchange. */
      exchange: string;
      /** @description ccxt's symbol: `BASE/QUOTE`, or `BASE/QUOTE:SETTLE`. */
      symbol: string;
      /**
       * @description How long a candle lasts.
       * @enum {string}
       */
      interval:
        | '1m'
        | '3m'
        | '5m'
        | '15m'
        | '30m'
        | '1h'
        | '2h'
        | '4h'
        | '6h'
        | '8h'
        | '12h'
        | '1d'
        | '3d'
        | '1w'
        | '1M';
      /**
       * @description How far back the history is wanted: Unix ms, or ISO 8601. Never later than before.
       * @example 2026-01-01
       */
      from?: string | number;
    };
    Backfill: {
      /**
       * @description How far back the history is wanted: Unix ms, or ISO 8601. Never later than before.
       * @example 2026-01-01
       */
      from?: string | number;
    };
  };
  responses: {
    /** @description The request is wrong as it stands. */
    ProblemBadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:unknown-parameter",
         *       "title": "Bad Request",
         *       "status": 400,
         *       "code": "UNKNOWN_PARAMETER",
         *       "detail": "frm: unknown parameter",
         *       "errors": [
         *         {
         *           "parameter": "frm",
         *           "message": "unknown parameter"
         *         }
         *       ]
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Keys are set, and none of them came. */
    ProblemUnauthorized: {
      headers: {
        'WWW-Authenticate'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:unauthenticated",
         *       "title": "Unauthorized",
         *       "status": 401,
         *       "code": "UNAUTHENTICATED",
         *       "detail": "send an API key, as `Authorization: Bearer <key>` or `X-API-Key: <key>`"
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The key may do less; or no keys are set, and the request comes from elsewhere. */
    ProblemForbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:forbidden-scope",
         *       "title": "Forbidden",
         *       "status": 403,
         *       "code": "FORBIDDEN_SCOPE",
         *       "detail": "this takes a key with the scope `write`"
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Nothing is kept under that name. */
    ProblemNotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:symbol-not-kept",
         *       "title": "Not Found",
         *       "status": 404,
         *       "code": "SYMBOL_NOT_KEPT",
         *       "detail": "BTC/EUR of binance is not kept"
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Too many requests: come back after `Retry-After`. */
    ProblemTooManyRequests: {
      headers: {
        /** @description Seconds. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:rate-limited",
         *       "title": "Too Many Requests",
         *       "status": 429,
         *       "code": "RATE_LIMITED",
         *       "detail": "too many requests: ask again in 12 s"
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Not now: come back after `Retry-After`. */
    ProblemServiceUnavailable: {
      headers: {
        /** @description Seconds. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:too-many-bulk-reads",
         *       "title": "Service Unavailable",
         *       "status": 503,
         *       "code": "TOO_MANY_BULK_READS",
         *       "detail": "3 bulk reads are on their way already: ask again in a moment"
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Anything else that fails. */
    ProblemFailure: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "type": "urn:cryptoflow:problem:internal-server-error",
         *       "title": "Internal Server Error",
         *       "status": 500,
         *       "code": "INTERNAL_SERVER_ERROR",
         *       "detail": "the request failed inside the service; its log says why"
         *     }
         */
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The request is wrong as it stands. */
    UdfBadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "symbol: is required"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description Keys are set, and none of them came. */
    UdfUnauthorized: {
      headers: {
        'WWW-Authenticate'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "symbol: is required"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description The key may do less; or no keys are set, and the request comes from elsewhere. */
    UdfForbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "symbol: is required"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description Nothing is kept under that name. */
    UdfNotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "unknown_symbol"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description Too many requests: come back after `Retry-After`. */
    UdfTooManyRequests: {
      headers: {
        /** @description Seconds. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "symbol: is required"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description Not now: come back after `Retry-After`. */
    UdfServiceUnavailable: {
      headers: {
        /** @description Seconds. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "symbol: is required"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description Anything else that fails. */
    UdfFailure: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "s": "error",
         *       "errmsg": "symbol: is required"
         *     }
         */
        'application/json': components['schemas']['UdfError'];
      };
    };
    /** @description The request is wrong as it stands. */
    BinanceBadRequest: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1121,
         *       "msg": "Invalid symbol."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
    /** @description Keys are set, and none of them came. */
    BinanceUnauthorized: {
      headers: {
        'WWW-Authenticate'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1121,
         *       "msg": "Invalid symbol."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
    /** @description The key may do less; or no keys are set, and the request comes from elsewhere. */
    BinanceForbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1121,
         *       "msg": "Invalid symbol."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
    /** @description Nothing is kept under that name. */
    BinanceNotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1121,
         *       "msg": "Invalid symbol."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
    /** @description Too many requests: come back after `Retry-After`. */
    BinanceTooManyRequests: {
      headers: {
        /** @description Seconds. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1003,
         *       "msg": "Too many requests queued."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
    /** @description Not now: come back after `Retry-After`. */
    BinanceServiceUnavailable: {
      headers: {
        /** @description Seconds. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1121,
         *       "msg": "Invalid symbol."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
    /** @description Anything else that fails. */
    BinanceFailure: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        /**
         * @example {
         *       "code": -1121,
         *       "msg": "Invalid symbol."
         *     }
         */
        'application/json': components['schemas']['BinanceError'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getCandles: {
    parameters: {
      query?: {
        /**
         * @description ccxt's id of the exchange. Required, but for `at=latest`.
         * @example simulator
         */
        exchange?: string;
        /**
         * @description ccxt's symbol, or up to 100 of them with commas between them. Required, but for `at=latest`.
         * @example BTC/USDT
         */
        symbol?: string;
        /**
         * @description How long a candle lasts. Required, but for `at=latest`. One that is not collected is made of shorter ones.
         * @example 1m
         */
        interval?:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        /** @description First open time: Unix ms, or ISO 8601 (UTC where it names no zone). */
        from?: string;
        /** @description Open times from here on are left out. As `from`. */
        to?: string;
        /** @description `latest`: the newest candle of each series that is not ruled out. */
        at?: 'latest';
        /**
         * @description Candles of a page, 1 to 10000; `all` of them in the formats that are not JSON.
         * @example 2
         */
        limit?: string;
        /** @description By open time. Without `from` and `to` it is the newest page either way. */
        order?: 'asc' | 'desc';
        /** @description `flat`: open times without a candle get one at the close before it, and no volume. */
        fill?: 'none' | 'flat';
        /** @description `false` adds the candle that is still open. */
        closed?: 'true' | 'false';
        /** @description What rows hold, in this order, with commas: of `open_time,open,high,low,close,volume`. */
        columns?: string;
        /** @description Instead of an `Accept` header. */
        format?: 'json' | 'csv' | 'ndjson' | 'arrow';
        /** @description In Arrow: figures as doubles, or as exact 128-bit decimals. */
        numbers?: 'double' | 'decimal';
      };
      header?: {
        /** @description `ETag` of the answer that is had: 304 where it still holds. */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The candles. */
      200: {
        headers: {
          /** @description Of what is answered; goes into `If-None-Match`. */
          ETag?: string;
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          /** @description What else of the request the answer depends on. */
          Vary?: string;
          /** @description `next` of a page that is not JSON; left out when there is no more. */
          'X-Next'?: string;
          /** @description How many candles of a page that is not JSON are made of parts of which some are missing. */
          'X-Partial'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "candles": [
           *         [
           *           1795305600000,
           *           14991.85,
           *           15009.68,
           *           14991.85,
           *           15009.68,
           *           8.4548
           *         ],
           *         [
           *           1795305660000,
           *           15009.68,
           *           15009.68,
           *           15001.69,
           *           15008.25,
           *           0.65556
           *         ]
           *       ],
           *       "next": 1795305720000
           *     }
           */
          'application/json':
            | components['schemas']['CandlePage']
            | components['schemas']['CandlePages']
            | components['schemas']['LatestCandles'];
          /**
           * @example open_time,open,high,low,close,volume
           *     1795305600000,14991.85,15009.68,14991.85,15009.68,8.4548
           */
          'text/csv': string;
          /** @example {"open_time":1795305600000,"open":14991.85,"high":15009.68,"low":14991.85,"close":15009.68,"volume":8.4548} */
          'application/x-ndjson': string;
          /** @example  */
          'application/vnd.apache.arrow.stream': string;
        };
      };
      /** @description What is had still holds. */
      304: {
        headers: {
          /** @description Of what is answered; goes into `If-None-Match`. */
          ETag?: string;
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  listSeries: {
    parameters: {
      query?: {
        /** @description ccxt's id of the exchange. */
        exchange?: string;
        /** @description ccxt's symbol. */
        symbol?: string;
        /** @description How long a candle lasts. */
        interval?:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        /** @description Whether it is collected. */
        state?: 'active' | 'paused' | 'delisted';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The series. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "series": [
           *         {
           *           "id": 1,
           *           "exchange": "simulator",
           *           "symbol": "BTC/USDT",
           *           "interval": "1m",
           *           "first": 1792840620000,
           *           "last": 1795432500000,
           *           "count": 43199,
           *           "lag": 45850,
           *           "completeness": 0.9999768513900785,
           *           "missing": 1,
           *           "gaps": 1,
           *           "revisions": 0,
           *           "quarantined": 0,
           *           "state": "active"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['SeriesList'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  createSeries: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "exchange": "simulator",
         *       "symbol": "ETH/USDT",
         *       "interval": "1m",
         *       "from": "2026-11-22"
         *     }
         */
        'application/json': components['schemas']['CreateSeries'];
      };
    };
    responses: {
      /** @description It was there. */
      200: {
        headers: {
          /** @description The path of the series. */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active"
           *     }
           */
          'application/json': components['schemas']['SeriesSummary'];
        };
      };
      /** @description It is new. */
      201: {
        headers: {
          /** @description The path of the series. */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 2,
           *       "exchange": "simulator",
           *       "symbol": "ETH/USDT",
           *       "interval": "1m",
           *       "first": null,
           *       "last": null,
           *       "count": 0,
           *       "lag": null,
           *       "completeness": null,
           *       "missing": 0,
           *       "gaps": 0,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active"
           *     }
           */
          'application/json': components['schemas']['SeriesSummary'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      403: components['responses']['ProblemForbidden'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  getSeries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The series. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active"
           *     }
           */
          'application/json': components['schemas']['SeriesDetails'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  deleteSeries: {
    parameters: {
      query?: {
        /**
         * @description Required: the name of the series, `exchange:symbol@interval`.
         * @example simulator:BTC/USDT@1m
         */
        confirm?: string;
      };
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It will be. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "deleted": true
           *     }
           */
          'application/json': components['schemas']['DeletedSeries'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      403: components['responses']['ProblemForbidden'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  getSeriesCoverage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The series, and its stretches of time. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active",
           *       "coverage": [
           *         {
           *           "from": 1792840620000,
           *           "to": 1795400000000,
           *           "state": "have"
           *         },
           *         {
           *           "from": 1795400000000,
           *           "to": 1795400060000,
           *           "state": "missing",
           *           "asked": 2,
           *           "askedAt": 1795432145120
           *         },
           *         {
           *           "from": 1795400060000,
           *           "to": 1795432560000,
           *           "state": "have"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['SeriesCoverage'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  listRevisions: {
    parameters: {
      query?: {
        /** @description Revisions of a page, 1 to 10000. */
        limit?: string;
        /** @description `next` of the page before. */
        before?: string;
      };
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The revisions. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "total": 3121,
           *       "revisions": [
           *         {
           *           "revisedAt": 1795432562044,
           *           "former": [
           *             1795432500000,
           *             15021.11,
           *             15022.4,
           *             15020.85,
           *             15022.4,
           *             12.00731
           *           ]
           *         }
           *       ],
           *       "next": "1795432562044-1795432500000"
           *     }
           */
          'application/json': components['schemas']['RevisionPage'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  listQuarantine: {
    parameters: {
      query?: {
        /** @description `next` of the page before. */
        before?: string;
        /** @description Rows of a page, 1 to 1000. */
        limit?: string;
      };
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The rows. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "quarantined": 1,
           *       "rejections": 4,
           *       "rows": [
           *         {
           *           "id": 17,
           *           "openTime": 1795305600000,
           *           "reason": "volume_negative",
           *           "payload": "[\"1795305600000\",\"14991.85\",\"15009.68\",\"14991.85\",\"15009.68\",\"-1\"]",
           *           "firstSeen": 1795305662011,
           *           "lastSeen": 1795306262204,
           *           "times": 4,
           *           "resolved": false
           *         }
           *       ],
           *       "next": null
           *     }
           */
          'application/json': components['schemas']['QuarantinePage'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  pauseSeries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is paused. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "paused"
           *     }
           */
          'application/json': components['schemas']['SeriesSummary'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      403: components['responses']['ProblemForbidden'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  resumeSeries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is active. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active"
           *     }
           */
          'application/json': components['schemas']['SeriesSummary'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      403: components['responses']['ProblemForbidden'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  backfillSeries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['Backfill'];
      };
    };
    responses: {
      /** @description It will be. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active"
           *     }
           */
          'application/json': components['schemas']['SeriesSummary'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      403: components['responses']['ProblemForbidden'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  repairSeries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description Number of the series, as `GET /api/v1/series` tells it.
         * @example 1
         */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It will be. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": 1,
           *       "exchange": "simulator",
           *       "symbol": "BTC/USDT",
           *       "interval": "1m",
           *       "first": 1792840620000,
           *       "last": 1795432500000,
           *       "count": 43199,
           *       "lag": 45850,
           *       "completeness": 0.9999768513900785,
           *       "missing": 1,
           *       "gaps": 1,
           *       "revisions": 0,
           *       "quarantined": 0,
           *       "state": "active"
           *     }
           */
          'application/json': components['schemas']['SeriesSummary'];
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      403: components['responses']['ProblemForbidden'];
      404: components['responses']['ProblemNotFound'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  streamCandles: {
    parameters: {
      query?: {
        /**
         * @description ccxt's id of the exchange.
         * @example simulator
         */
        exchange?: string;
        /**
         * @description ccxt's symbols, with commas between them.
         * @example BTC/USDT
         */
        symbol?: string;
        /** @description Intervals, with commas between them: 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 3d, 1w, 1M. */
        interval?: string;
        /** @description Of `forming`, `closed` and `revised`, with commas between them. */
        events?: string;
      };
      header?: {
        /** @description `id` of the last event that came. */
        'Last-Event-ID'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events. */
      200: {
        headers: {
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example retry: 2000
           *
           *     event: closed
           *     id: 17-0
           *     data: {"exchange":"simulator","symbol":"BTC/USDT","interval":"1m","candle":[1795305600000,14991.85,15009.68,14991.85,15009.68,8.4548]}
           */
          'text/event-stream': string;
        };
      };
      400: components['responses']['ProblemBadRequest'];
      401: components['responses']['ProblemUnauthorized'];
      429: components['responses']['ProblemTooManyRequests'];
      503: components['responses']['ProblemServiceUnavailable'];
      default: components['responses']['ProblemFailure'];
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {
           *         "database": {
           *           "responseTime": 1,
           *           "status": "up"
           *         }
           *       },
           *       "error": {},
           *       "details": {
           *         "database": {
           *           "responseTime": 1,
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      401: components['responses']['ProblemUnauthorized'];
      429: components['responses']['ProblemTooManyRequests'];
      /** @description It is not. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "error",
           *       "info": {},
           *       "error": {
           *         "database": {
           *           "message": "the database has not answered within 500 ms",
           *           "status": "down"
           *         }
           *       },
           *       "details": {
           *         "database": {
           *           "message": "the database has not answered within 500 ms",
           *           "status": "down"
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      default: components['responses']['ProblemFailure'];
    };
  };
  getLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {},
           *       "error": {},
           *       "details": {}
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      default: components['responses']['ProblemFailure'];
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {
           *         "database": {
           *           "responseTime": 1,
           *           "status": "up"
           *         }
           *       },
           *       "error": {},
           *       "details": {
           *         "database": {
           *           "responseTime": 1,
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      /** @description It is not. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "error",
           *       "info": {},
           *       "error": {
           *         "database": {
           *           "message": "the database has not answered within 500 ms",
           *           "status": "down"
           *         }
           *       },
           *       "details": {
           *         "database": {
           *           "message": "the database has not answered within 500 ms",
           *           "status": "down"
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      default: components['responses']['ProblemFailure'];
    };
  };
  getStartup: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {
           *         "database": {
           *           "responseTime": 1,
           *           "status": "up"
           *         }
           *       },
           *       "error": {},
           *       "details": {
           *         "database": {
           *           "responseTime": 1,
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      /** @description It is not. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "error",
           *       "info": {},
           *       "error": {
           *         "database": {
           *           "message": "the database has not answered within 500 ms",
           *           "status": "down"
           *         }
           *       },
           *       "details": {
           *         "database": {
           *           "message": "the database has not answered within 500 ms",
           *           "status": "down"
           *         }
           *       }
           *     }
           */
          'application/json': components['schemas']['HealthReport'];
        };
      };
      default: components['responses']['ProblemFailure'];
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The figures. */
      200: {
        headers: {
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          /** @example cryptoflow_series_lag_seconds 45.85 */
          'text/plain': string;
        };
      };
      401: components['responses']['ProblemUnauthorized'];
      429: components['responses']['ProblemTooManyRequests'];
      default: components['responses']['ProblemFailure'];
    };
  };
  getDocument: {
    parameters: {
      query?: never;
      header?: {
        /** @description `ETag` of the answer that is had: 304 where it still holds. */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The document. */
      200: {
        headers: {
          /** @description Of what is answered; goes into `If-None-Match`. */
          ETag?: string;
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "openapi": "3.1.0"
           *     }
           */
          'application/json': {
            openapi: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description What is had still holds. */
      304: {
        headers: {
          /** @description Of what is answered; goes into `If-None-Match`. */
          ETag?: string;
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['ProblemUnauthorized'];
      429: components['responses']['ProblemTooManyRequests'];
      default: components['responses']['ProblemFailure'];
    };
  };
  getPage: {
    parameters: {
      query?: never;
      header?: {
        /** @description `ETag` of the answer that is had: 304 where it still holds. */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page. */
      200: {
        headers: {
          /** @description Of what is answered; goes into `If-None-Match`. */
          ETag?: string;
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          /** @example <!doctype html> */
          'text/html': string;
        };
      };
      default: components['responses']['ProblemFailure'];
    };
  };
  getPageFile: {
    parameters: {
      query?: never;
      header?: {
        /** @description `ETag` of the answer that is had: 304 where it still holds. */
        'If-None-Match'?: string;
      };
      path: {
        /**
         * @description Its name.
         * @example page.js
         */
        file: 'page.js' | 'page.css' | 'swagger-ui.css' | 'swagger-ui-bundle.js' | 'favicon-32x32.png';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          /** @description Of what is answered; goes into `If-None-Match`. */
          ETag?: string;
          /** @description Whether, and for how long, the answer may be kept. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          /** @example  */
          '*/*': string;
        };
      };
      404: components['responses']['ProblemNotFound'];
      default: components['responses']['ProblemFailure'];
    };
  };
  getUdfConfig: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What the datafeed can do */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "supports_search": true,
           *       "supports_group_request": false,
           *       "supports_marks": true,
           *       "supports_timescale_marks": true,
           *       "supports_time": true,
           *       "supported_resolutions": [
           *         "1",
           *         "3",
           *         "5",
           *         "15",
           *         "30",
           *         "60",
           *         "120",
           *         "240",
           *         "360",
           *         "480",
           *         "720",
           *         "1D",
           *         "3D",
           *         "1W",
           *         "1M"
           *       ],
           *       "exchanges": [
           *         {
           *           "value": "SIMULATOR",
           *           "name": "SIMULATOR",
           *           "desc": "simulator"
           *         }
           *       ],
           *       "symbols_types": [
           *         {
           *           "name": "Crypto",
           *           "value": "crypto"
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['UdfConfig'];
        };
      };
      401: components['responses']['UdfUnauthorized'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfTime: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The time, in Unix seconds */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /** @example 1795907314 */
          'application/json': number;
        };
      };
      401: components['responses']['UdfUnauthorized'];
      429: components['responses']['UdfTooManyRequests'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfSymbol: {
    parameters: {
      query: {
        /**
         * @description Ticker of a market, as `/udf/search` tells it.
         * @example SIMULATOR:BTC/USDT
         */
        symbol: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One symbol */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "name": "BTC/USDT",
           *       "full_name": "SIMULATOR:BTC/USDT",
           *       "ticker": "SIMULATOR:BTC/USDT",
           *       "description": "BTC / USDT, at simulator",
           *       "type": "crypto",
           *       "session": "24x7",
           *       "timezone": "Etc/UTC",
           *       "exchange": "SIMULATOR",
           *       "listed_exchange": "SIMULATOR",
           *       "minmov": 1,
           *       "pricescale": 100,
           *       "has_intraday": true,
           *       "has_daily": true,
           *       "has_weekly_and_monthly": true,
           *       "intraday_multipliers": [
           *         "1",
           *         "60"
           *       ],
           *       "supported_resolutions": [
           *         "1",
           *         "3",
           *         "5",
           *         "15",
           *         "30",
           *         "60",
           *         "120",
           *         "240",
           *         "360",
           *         "480",
           *         "720",
           *         "1D",
           *         "3D",
           *         "1W",
           *         "1M"
           *       ],
           *       "volume_precision": 5,
           *       "format": "price",
           *       "data_status": "streaming"
           *     }
           */
          'application/json': components['schemas']['UdfSymbol'];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      404: components['responses']['UdfNotFound'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfSymbolInfo: {
    parameters: {
      query: {
        /**
         * @description An exchange.
         * @example SIMULATOR
         */
        group: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All symbols of an exchange, by columns */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": [
           *         "BTC/USDT"
           *       ],
           *       "ticker": [
           *         "SIMULATOR:BTC/USDT"
           *       ],
           *       "minmovement": [
           *         1
           *       ],
           *       "pricescale": [
           *         100
           *       ]
           *     }
           */
          'application/json': components['schemas']['UdfSymbolColumns'];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      404: components['responses']['UdfNotFound'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  searchUdfSymbols: {
    parameters: {
      query?: {
        /**
         * @description What stands in the name or the description; nothing: all.
         * @example btc
         */
        query?: string;
        /** @description Of symbols: `crypto`, or nothing. */
        type?: string;
        /** @description As `/udf/config` tells it; nothing: any. */
        exchange?: string;
        /** @description Symbols at most; 1000 at the very most. */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Symbols that match, the best first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "symbol": "BTC/USDT",
           *         "full_name": "SIMULATOR:BTC/USDT",
           *         "description": "BTC / USDT, at simulator",
           *         "exchange": "SIMULATOR",
           *         "ticker": "SIMULATOR:BTC/USDT",
           *         "type": "crypto"
           *       }
           *     ]
           */
          'application/json': components['schemas']['UdfFoundSymbol'][];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfHistory: {
    parameters: {
      query: {
        /**
         * @description Ticker of a market, as `/udf/search` tells it.
         * @example SIMULATOR:BTC/USDT
         */
        symbol: string;
        /**
         * @description How long a bar lasts.
         * @example 1
         */
        resolution:
          | '1'
          | '3'
          | '5'
          | '15'
          | '30'
          | '60'
          | '120'
          | '240'
          | '360'
          | '480'
          | '720'
          | '1D'
          | '3D'
          | '1W'
          | '1M'
          | 'D'
          | 'W'
          | 'M';
        /** @description Unix seconds. Required, but for `countback`. */
        from?: string;
        /**
         * @description Unix seconds; open times from here on are left out.
         * @example 4102444800
         */
        to: string;
        /**
         * @description So many bars before `to`, however far back they are.
         * @example 2
         */
        countback?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Bars */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "s": "ok",
           *       "t": [
           *         1795907220,
           *         1795907280
           *       ],
           *       "o": [
           *         16282.81,
           *         16281.67
           *       ],
           *       "h": [
           *         16283.24,
           *         16286.91
           *       ],
           *       "l": [
           *         16280.63,
           *         16280.96
           *       ],
           *       "c": [
           *         16281.67,
           *         16280.96
           *       ],
           *       "v": [
           *         3.15804,
           *         1.12999
           *       ]
           *     }
           */
          'application/json': components['schemas']['UdfHistory'];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      404: components['responses']['UdfNotFound'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfMarks: {
    parameters: {
      query: {
        /**
         * @description Ticker of a market, as `/udf/search` tells it.
         * @example SIMULATOR:BTC/USDT
         */
        symbol: string;
        /**
         * @description How long a bar lasts.
         * @example 1
         */
        resolution:
          | '1'
          | '3'
          | '5'
          | '15'
          | '30'
          | '60'
          | '120'
          | '240'
          | '360'
          | '480'
          | '720'
          | '1D'
          | '3D'
          | '1W'
          | '1M'
          | 'D'
          | 'W'
          | 'M';
        /**
         * @description Unix seconds.
         * @example 0
         */
        from: string;
        /**
         * @description Unix seconds, and no more.
         * @example 4102444800
         */
        to: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was not sent, and what was changed later, by columns */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": [
           *         "missing-1795400000000"
           *       ],
           *       "time": [
           *         1795400000
           *       ],
           *       "color": [
           *         "red"
           *       ],
           *       "text": [
           *         "the exchange did not send what opens from 2026-11-23T02:13:00.000Z to before 2026-11-23T02:14:00.000Z"
           *       ],
           *       "label": [
           *         "M"
           *       ],
           *       "labelFontColor": [
           *         "white"
           *       ],
           *       "minSize": [
           *         14
           *       ]
           *     }
           */
          'application/json': components['schemas']['UdfMarks'];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      404: components['responses']['UdfNotFound'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfTimescaleMarks: {
    parameters: {
      query: {
        /**
         * @description Ticker of a market, as `/udf/search` tells it.
         * @example SIMULATOR:BTC/USDT
         */
        symbol: string;
        /**
         * @description How long a bar lasts.
         * @example 1
         */
        resolution:
          | '1'
          | '3'
          | '5'
          | '15'
          | '30'
          | '60'
          | '120'
          | '240'
          | '360'
          | '480'
          | '720'
          | '1D'
          | '3D'
          | '1W'
          | '1M'
          | 'D'
          | 'W'
          | 'M';
        /**
         * @description Unix seconds.
         * @example 0
         */
        from: string;
        /**
         * @description Unix seconds, and no more.
         * @example 4102444800
         */
        to: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Where the history begins and ends, and its holes */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "id": "first-1795734540000",
           *         "time": 1795734540,
           *         "color": "green",
           *         "label": "B",
           *         "tooltip": [
           *           "the history that is kept begins 2026-11-26T23:09:00.000Z"
           *         ]
           *       }
           *     ]
           */
          'application/json': components['schemas']['UdfTimescaleMarks'];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      404: components['responses']['UdfNotFound'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getUdfQuotes: {
    parameters: {
      query: {
        /**
         * @description Tickers, up to 200, with commas between them.
         * @example SIMULATOR:BTC/USDT
         */
        symbols: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Last prices, with the day that they belong to */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "s": "ok",
           *       "d": [
           *         {
           *           "s": "ok",
           *           "n": "SIMULATOR:BTC/USDT",
           *           "v": {
           *             "short_name": "BTC/USDT",
           *             "exchange": "SIMULATOR",
           *             "description": "BTC / USDT, at simulator",
           *             "ch": 235.72,
           *             "chp": 1.47,
           *             "lp": 16280.96,
           *             "ask": 16280.96,
           *             "bid": 16280.96,
           *             "open_price": 16045.24,
           *             "high_price": 16596.97,
           *             "low_price": 16043.34,
           *             "prev_close_price": 16045.24,
           *             "volume": 6504.55666
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['UdfQuotes'];
        };
      };
      400: components['responses']['UdfBadRequest'];
      401: components['responses']['UdfUnauthorized'];
      429: components['responses']['UdfTooManyRequests'];
      503: components['responses']['UdfServiceUnavailable'];
      default: components['responses']['UdfFailure'];
    };
  };
  getBinancePing: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Whether it answers */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /** @example {} */
          'application/json': components['schemas']['BinancePing'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinancePingOfExchange: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Whether it answers */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /** @example {} */
          'application/json': components['schemas']['BinancePing'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceTime: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The time */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "serverTime": 1795907315191
           *     }
           */
          'application/json': components['schemas']['BinanceTime'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceTimeOfExchange: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The time */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "serverTime": 1795907315191
           *     }
           */
          'application/json': components['schemas']['BinanceTime'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceExchangeInfo: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Taken, and not looked at. */
        permissions?: string;
        /** @description Whether to tell who may trade: everybody. */
        showPermissionSets?: 'true' | 'false' | 'TRUE' | 'FALSE';
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Symbols with their steps */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "timezone": "UTC",
           *       "serverTime": 1795907315202,
           *       "rateLimits": [
           *         {
           *           "rateLimitType": "REQUEST_WEIGHT",
           *           "interval": "MINUTE",
           *           "intervalNum": 1,
           *           "limit": 6000
           *         }
           *       ],
           *       "exchangeFilters": [],
           *       "symbols": [
           *         {
           *           "symbol": "BTCUSDT",
           *           "status": "TRADING",
           *           "baseAsset": "BTC",
           *           "baseAssetPrecision": 8,
           *           "quoteAsset": "USDT",
           *           "quotePrecision": 8,
           *           "quoteAssetPrecision": 8,
           *           "baseCommissionPrecision": 8,
           *           "quoteCommissionPrecision": 8,
           *           "orderTypes": [
           *             "LIMIT",
           *             "MARKET"
           *           ],
           *           "icebergAllowed": false,
           *           "ocoAllowed": false,
           *           "otoAllowed": false,
           *           "quoteOrderQtyMarketAllowed": false,
           *           "allowTrailingStop": false,
           *           "cancelReplaceAllowed": false,
           *           "amendAllowed": false,
           *           "pegInstructionsAllowed": false,
           *           "isSpotTradingAllowed": true,
           *           "isMarginTradingAllowed": false,
           *           "filters": [
           *             {
           *               "filterType": "PRICE_FILTER",
           *               "minPrice": "0.01",
           *               "maxPrice": "1000000000000",
           *               "tickSize": "0.01"
           *             },
           *             {
           *               "filterType": "LOT_SIZE",
           *               "minQty": "0.00001",
           *               "maxQty": "1000000000000",
           *               "stepSize": "0.00001"
           *             }
           *           ],
           *           "permissions": [],
           *           "permissionSets": [
           *             [
           *               "SPOT"
           *             ]
           *           ],
           *           "defaultSelfTradePreventionMode": "NONE",
           *           "allowedSelfTradePreventionModes": [
           *             "NONE"
           *           ]
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['BinanceExchangeInfo'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceExchangeInfoOfExchange: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Taken, and not looked at. */
        permissions?: string;
        /** @description Whether to tell who may trade: everybody. */
        showPermissionSets?: 'true' | 'false' | 'TRUE' | 'FALSE';
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Symbols with their steps */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "timezone": "UTC",
           *       "serverTime": 1795907315202,
           *       "rateLimits": [
           *         {
           *           "rateLimitType": "REQUEST_WEIGHT",
           *           "interval": "MINUTE",
           *           "intervalNum": 1,
           *           "limit": 6000
           *         }
           *       ],
           *       "exchangeFilters": [],
           *       "symbols": [
           *         {
           *           "symbol": "BTCUSDT",
           *           "status": "TRADING",
           *           "baseAsset": "BTC",
           *           "baseAssetPrecision": 8,
           *           "quoteAsset": "USDT",
           *           "quotePrecision": 8,
           *           "quoteAssetPrecision": 8,
           *           "baseCommissionPrecision": 8,
           *           "quoteCommissionPrecision": 8,
           *           "orderTypes": [
           *             "LIMIT",
           *             "MARKET"
           *           ],
           *           "icebergAllowed": false,
           *           "ocoAllowed": false,
           *           "otoAllowed": false,
           *           "quoteOrderQtyMarketAllowed": false,
           *           "allowTrailingStop": false,
           *           "cancelReplaceAllowed": false,
           *           "amendAllowed": false,
           *           "pegInstructionsAllowed": false,
           *           "isSpotTradingAllowed": true,
           *           "isMarginTradingAllowed": false,
           *           "filters": [
           *             {
           *               "filterType": "PRICE_FILTER",
           *               "minPrice": "0.01",
           *               "maxPrice": "1000000000000",
           *               "tickSize": "0.01"
           *             },
           *             {
           *               "filterType": "LOT_SIZE",
           *               "minQty": "0.00001",
           *               "maxQty": "1000000000000",
           *               "stepSize": "0.00001"
           *             }
           *           ],
           *           "permissions": [],
           *           "permissionSets": [
           *             [
           *               "SPOT"
           *             ]
           *           ],
           *           "defaultSelfTradePreventionMode": "NONE",
           *           "allowedSelfTradePreventionModes": [
           *             "NONE"
           *           ]
           *         }
           *       ]
           *     }
           */
          'application/json': components['schemas']['BinanceExchangeInfo'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceKlines: {
    parameters: {
      query: {
        /**
         * @description Base and quote.
         * @example BTCUSDT
         */
        symbol: string;
        /**
         * @description How long a candle lasts.
         * @example 1m
         */
        interval:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        /** @description First open time, Unix ms. */
        startTime?: string;
        /** @description Last open time, Unix ms. */
        endTime?: string;
        /** @description Hours, or hours and minutes, that days begin before those of UTC. */
        timeZone?: string;
        /**
         * @description Candles at most; 1000 at the very most.
         * @example 1
         */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Candles, ascending; the last one may be open */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       [
           *         1795907280000,
           *         "16281.67",
           *         "16286.91",
           *         "16280.96",
           *         "16280.96",
           *         "1.12999",
           *         1795907339999,
           *         "0",
           *         0,
           *         "0",
           *         "0",
           *         "0"
           *       ]
           *     ]
           */
          'application/json': components['schemas']['BinanceKlines'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceKlinesOfExchange: {
    parameters: {
      query: {
        /**
         * @description Base and quote.
         * @example BTCUSDT
         */
        symbol: string;
        /**
         * @description How long a candle lasts.
         * @example 1m
         */
        interval:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        /** @description First open time, Unix ms. */
        startTime?: string;
        /** @description Last open time, Unix ms. */
        endTime?: string;
        /** @description Hours, or hours and minutes, that days begin before those of UTC. */
        timeZone?: string;
        /**
         * @description Candles at most; 1000 at the very most.
         * @example 1
         */
        limit?: string;
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Candles, ascending; the last one may be open */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       [
           *         1795907280000,
           *         "16281.67",
           *         "16286.91",
           *         "16280.96",
           *         "16280.96",
           *         "1.12999",
           *         1795907339999,
           *         "0",
           *         0,
           *         "0",
           *         "0",
           *         "0"
           *       ]
           *     ]
           */
          'application/json': components['schemas']['BinanceKlines'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceUiKlines: {
    parameters: {
      query: {
        /**
         * @description Base and quote.
         * @example BTCUSDT
         */
        symbol: string;
        /**
         * @description How long a candle lasts.
         * @example 1m
         */
        interval:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        /** @description First open time, Unix ms. */
        startTime?: string;
        /** @description Last open time, Unix ms. */
        endTime?: string;
        /** @description Hours, or hours and minutes, that days begin before those of UTC. */
        timeZone?: string;
        /**
         * @description Candles at most; 1000 at the very most.
         * @example 1
         */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Candles, ascending; the last one may be open */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       [
           *         1795907280000,
           *         "16281.67",
           *         "16286.91",
           *         "16280.96",
           *         "16280.96",
           *         "1.12999",
           *         1795907339999,
           *         "0",
           *         0,
           *         "0",
           *         "0",
           *         "0"
           *       ]
           *     ]
           */
          'application/json': components['schemas']['BinanceKlines'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceUiKlinesOfExchange: {
    parameters: {
      query: {
        /**
         * @description Base and quote.
         * @example BTCUSDT
         */
        symbol: string;
        /**
         * @description How long a candle lasts.
         * @example 1m
         */
        interval:
          | '1m'
          | '3m'
          | '5m'
          | '15m'
          | '30m'
          | '1h'
          | '2h'
          | '4h'
          | '6h'
          | '8h'
          | '12h'
          | '1d'
          | '3d'
          | '1w'
          | '1M';
        /** @description First open time, Unix ms. */
        startTime?: string;
        /** @description Last open time, Unix ms. */
        endTime?: string;
        /** @description Hours, or hours and minutes, that days begin before those of UTC. */
        timeZone?: string;
        /**
         * @description Candles at most; 1000 at the very most.
         * @example 1
         */
        limit?: string;
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Candles, ascending; the last one may be open */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       [
           *         1795907280000,
           *         "16281.67",
           *         "16286.91",
           *         "16280.96",
           *         "16280.96",
           *         "1.12999",
           *         1795907339999,
           *         "0",
           *         0,
           *         "0",
           *         "0",
           *         "0"
           *       ]
           *     ]
           */
          'application/json': components['schemas']['BinanceKlines'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceDayTicker: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
        /** @description `MINI`: fewer figures. */
        type?: 'FULL' | 'MINI';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The last 24 hours */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": "BTCUSDT",
           *       "priceChange": "234.25",
           *       "priceChangePercent": "1.46",
           *       "weightedAvgPrice": "16391.80915777",
           *       "prevClosePrice": "16046.71",
           *       "lastPrice": "16280.96",
           *       "lastQty": "0",
           *       "bidPrice": "16280.96",
           *       "bidQty": "0",
           *       "askPrice": "16280.96",
           *       "askQty": "0",
           *       "openPrice": "16046.71",
           *       "highPrice": "16596.97",
           *       "lowPrice": "16025.61",
           *       "volume": "6776.31014",
           *       "quoteVolume": "111075982.6087269",
           *       "openTime": 1795820880000,
           *       "closeTime": 1795907315239,
           *       "firstId": -1,
           *       "lastId": -1,
           *       "count": 0
           *     }
           */
          'application/json':
            | components['schemas']['BinanceTicker']
            | components['schemas']['BinanceMiniTicker']
            | (components['schemas']['BinanceTicker'] | components['schemas']['BinanceMiniTicker'])[];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceDayTickerOfExchange: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
        /** @description `MINI`: fewer figures. */
        type?: 'FULL' | 'MINI';
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The last 24 hours */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": "BTCUSDT",
           *       "priceChange": "234.25",
           *       "priceChangePercent": "1.46",
           *       "weightedAvgPrice": "16391.80915777",
           *       "prevClosePrice": "16046.71",
           *       "lastPrice": "16280.96",
           *       "lastQty": "0",
           *       "bidPrice": "16280.96",
           *       "bidQty": "0",
           *       "askPrice": "16280.96",
           *       "askQty": "0",
           *       "openPrice": "16046.71",
           *       "highPrice": "16596.97",
           *       "lowPrice": "16025.61",
           *       "volume": "6776.31014",
           *       "quoteVolume": "111075982.6087269",
           *       "openTime": 1795820880000,
           *       "closeTime": 1795907315239,
           *       "firstId": -1,
           *       "lastId": -1,
           *       "count": 0
           *     }
           */
          'application/json':
            | components['schemas']['BinanceTicker']
            | components['schemas']['BinanceMiniTicker']
            | (components['schemas']['BinanceTicker'] | components['schemas']['BinanceMiniTicker'])[];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinancePriceTicker: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Last prices */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": "BTCUSDT",
           *       "price": "16280.96"
           *     }
           */
          'application/json': components['schemas']['BinancePrice'] | components['schemas']['BinancePrice'][];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinancePriceTickerOfExchange: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Last prices */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": "BTCUSDT",
           *       "price": "16280.96"
           *     }
           */
          'application/json': components['schemas']['BinancePrice'] | components['schemas']['BinancePrice'][];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceBookTicker: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Last prices, as both sides of a book that is not kept */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": "BTCUSDT",
           *       "bidPrice": "16280.96",
           *       "bidQty": "0",
           *       "askPrice": "16280.96",
           *       "askQty": "0"
           *     }
           */
          'application/json':
            components['schemas']['BinanceBookTicker'] | components['schemas']['BinanceBookTicker'][];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceBookTickerOfExchange: {
    parameters: {
      query?: {
        /**
         * @description Base and quote. Without it, and without `symbols`: all.
         * @example BTCUSDT
         */
        symbol?: string;
        /** @description Several of them, as a JSON array. */
        symbols?: string;
        /** @description Only symbols with this status. */
        symbolStatus?: 'TRADING' | 'HALT' | 'BREAK';
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Last prices, as both sides of a book that is not kept */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "symbol": "BTCUSDT",
           *       "bidPrice": "16280.96",
           *       "bidQty": "0",
           *       "askPrice": "16280.96",
           *       "askQty": "0"
           *     }
           */
          'application/json':
            components['schemas']['BinanceBookTicker'] | components['schemas']['BinanceBookTicker'][];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceAveragePrice: {
    parameters: {
      query: {
        /**
         * @description Base and quote.
         * @example BTCUSDT
         */
        symbol: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The average price of the last minutes */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "mins": 5,
           *       "price": "16276.21054188",
           *       "closeTime": 1795907315296
           *     }
           */
          'application/json': components['schemas']['BinanceAveragePrice'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
  getBinanceAveragePriceOfExchange: {
    parameters: {
      query: {
        /**
         * @description Base and quote.
         * @example BTCUSDT
         */
        symbol: string;
      };
      header?: never;
      path: {
        /**
         * @description ccxt's id of the exchange that is asked instead of Binance.
         * @example simulator
         */
        exchange: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The average price of the last minutes */
      200: {
        headers: {
          /** @description What the client has used in this minute, as Binance reckons it. */
          'X-MBX-USED-WEIGHT'?: string;
          /** @description The same. */
          'X-MBX-USED-WEIGHT-1M'?: string;
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "mins": 5,
           *       "price": "16276.21054188",
           *       "closeTime": 1795907315296
           *     }
           */
          'application/json': components['schemas']['BinanceAveragePrice'];
        };
      };
      400: components['responses']['BinanceBadRequest'];
      401: components['responses']['BinanceUnauthorized'];
      429: components['responses']['BinanceTooManyRequests'];
      default: components['responses']['BinanceFailure'];
    };
  };
}
