import { Inject, Injectable } from '@nestjs/common';
import { MarketReader, type KeptMarket } from '../../candles/market-reader.js';
import { CryptoFlowError } from '../../common/errors.js';
import { SymbolIndex } from './symbol-index.js';

/** The adapter shows the message: it is TradingView's own word for it. */
export class UnknownSymbolError extends CryptoFlowError {
  constructor() {
    super('SYMBOL_NOT_KEPT', 'unknown_symbol');
  }
}

/** The markets, by what TradingView calls them. */
@Injectable()
export class SymbolCatalog {
  private index = new SymbolIndex([]);

  constructor(@Inject(MarketReader) private readonly reader: MarketReader) {}

  async markets(): Promise<readonly KeptMarket[]> {
    return (await this.current()).markets;
  }

  /** @throws UnknownSymbolError */
  async get(name: string): Promise<KeptMarket> {
    const market = await this.find(name);
    if (!market) throw new UnknownSymbolError();
    return market;
  }

  async find(name: string): Promise<KeptMarket | undefined> {
    return (await this.current()).find(name);
  }

  /** Made anew only where the reader has read anew. */
  private async current(): Promise<SymbolIndex> {
    const markets = await this.reader.list();
    if (this.index.markets !== markets) this.index = new SymbolIndex(markets);
    return this.index;
  }
}
