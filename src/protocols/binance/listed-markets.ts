import { Inject, Injectable } from '@nestjs/common';
import { MarketReader, type KeptMarket } from '../../candles/market-reader.js';
import { Config } from '../../config/config.js';
import { invalidSymbol } from './refusal.js';
import { listMarkets, type ListedMarket } from './symbol-id.js';

/** What stands for Binance where a path names no exchange. */
const NAMESAKE = 'binance';

type Listed = ReadonlyMap<string, ListedMarket>;

/** Finds the kept markets by the names that Binance's clients know. */
@Injectable()
export class ListedMarkets {
  /** Made anew with each list that the reader reads. */
  private known:
    { readonly markets: readonly KeptMarket[]; readonly listed: Map<string, Listed> } | undefined;

  constructor(
    @Inject(MarketReader) private readonly markets: MarketReader,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * All of an exchange, by id.
   *
   * @param exchange of the path; undefined where it names none
   * @throws BinanceRefusal -1121 where nothing of that exchange is kept
   */
  async all(exchange: string | undefined): Promise<Listed> {
    const markets = await this.markets.list();
    const name = exchange ?? this.standIn(markets);
    if (this.known?.markets !== markets) this.known = { markets, listed: new Map() };
    const { listed } = this.known;
    const known = listed.get(name);
    if (known) return known;
    const made = listMarkets(markets, name);
    if (exchange !== undefined && !markets.some((market) => market.exchange === name)) throw invalidSymbol();
    listed.set(name, made);
    return made;
  }

  /** @throws BinanceRefusal -1121 */
  async find(exchange: string | undefined, id: string): Promise<ListedMarket> {
    const [market] = await this.some(exchange, [id]);
    return market!;
  }

  /** In the order of the ids; all where none are named. @throws BinanceRefusal -1121 */
  async some(exchange: string | undefined, ids: readonly string[] | undefined): Promise<ListedMarket[]> {
    const listed = await this.all(exchange);
    if (ids === undefined) return [...listed.values()];
    return ids.map((id) => {
      const market = listed.get(id);
      if (!market) throw invalidSymbol();
      return market;
    });
  }

  private standIn(markets: readonly KeptMarket[]): string {
    const kept = new Set(markets.map(({ exchange }) => exchange));
    const wanted = [NAMESAKE, ...this.config.markets.map(({ exchange }) => exchange), ...kept];
    return wanted.find((name) => kept.has(name)) ?? NAMESAKE;
  }
}
