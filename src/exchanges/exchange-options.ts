/**
 * Constructor options per exchange id, handed to ccxt as they are. They may hold credentials: never log them.
 */
export type ExchangeOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Injection token of {@link ExchangeOptions}; the composition root provides it from `CRYPTOFLOW_EXCHANGES`. */
export const EXCHANGE_OPTIONS = Symbol('EXCHANGE_OPTIONS');
