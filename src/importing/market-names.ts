import { ArchiveError } from '../archives/archive-error.js';

/**
 * What things are priced in on Binance's spot market. Without those that are the end of another's name there (`USD`,
 * `EUR` for `AEUR`), where a split could not be told from the other.
 */
const QUOTES =
  'USDT USDC FDUSD TUSD BUSD USDS USDP PAX DAI UST USD1 BTC ETH BNB XRP TRX DOGE DOT SOL EUR AEUR EURI GBP TRY BRL ' +
  'AUD RUB UAH NGN ZAR PLN RON ARS JPY MXN CZK COP BIDR IDRT BKRW BVND VAI GYEN';
const KNOWN_QUOTES = QUOTES.split(' ');

/** The exchange's own id of a market, as Binance builds it: `BTC/USDT` is `BTCUSDT`. */
export function marketOf(symbol: string): string {
  return symbol.replace(/:.*$/, '').replace('/', '');
}

/**
 * The symbol of a market that a file names without the slash: one that is kept already, or one that ends in a single known
 * quote asset.
 *
 * @param kept symbols of the exchange that are kept
 * @throws ArchiveError where several come into question, or none
 */
export function symbolOf(market: string, kept: readonly string[]): string {
  const known = kept.filter((symbol) => marketOf(symbol) === market);
  if (known.length === 1) return known[0]!;
  const possible = known.length > 0 ? known : splits(market);
  if (possible.length === 1) return possible[0]!;
  const which = possible.length === 0 ? '' : ` (${possible.join(' or ')})`;
  throw new ArchiveError(
    'ARCHIVE_UNKNOWN',
    `where in ${market} the base ends and the quote begins is not certain${which}: name it with --symbol`,
  );
}

function splits(market: string): string[] {
  return KNOWN_QUOTES.filter((quote) => market.endsWith(quote) && market.length > quote.length).map(
    (quote) => `${market.slice(0, -quote.length)}/${quote}`,
  );
}
