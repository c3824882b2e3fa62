/**
 * Injection token of what `CRYPTOFLOW_EXCHANGES` holds: constructor options per exchange id (`ExchangeOptions` of
 * `config/environment.schema.ts`), handed to ccxt as they are. They may hold credentials: never log them.
 */
export const EXCHANGE_OPTIONS = Symbol('EXCHANGE_OPTIONS');
