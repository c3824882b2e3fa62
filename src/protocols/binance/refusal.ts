import { CryptoFlowError } from '../../common/errors.js';

/**
 * Binance's numbers for what is wrong with a request.
 *
 * @see https://developers.binance.com/docs/binance-spot-api-docs/errors
 */
export const CODE = {
  unknown: -1000,
  tooManyRequests: -1003,
  illegalCharacters: -1100,
  duplicate: -1101,
  mandatory: -1102,
  unknownParameter: -1103,
  empty: -1105,
  badInterval: -1120,
  badSymbol: -1121,
  badCombination: -1128,
  invalid: -1130,
  badKey: -2015,
} as const;

export type BinanceCode = (typeof CODE)[keyof typeof CODE];

/** A request that is wrong as it stands, in Binance's words. */
export class BinanceRefusal extends CryptoFlowError {
  constructor(
    readonly number: BinanceCode,
    message: string,
    /** Of HTTP. */
    readonly status = 400,
  ) {
    super('INVALID_PARAMETER', message);
  }
}

export const INVALID_SYMBOL = 'Invalid symbol.';
export const INVALID_INTERVAL = 'Invalid interval.';

export function invalidSymbol(): BinanceRefusal {
  return new BinanceRefusal(CODE.badSymbol, INVALID_SYMBOL);
}

export function invalidData(parameter: string): BinanceRefusal {
  return new BinanceRefusal(CODE.invalid, `Data sent for parameter '${parameter}' is not valid.`);
}
