import { Global, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../src/common/clock.js';
import { CcxtClient } from '../../../src/exchanges/ccxt/ccxt.client.js';
import { ExchangeClient, type CandlePage, type Market } from '../../../src/exchanges/exchange-client.js';
import { EXCHANGE_OPTIONS } from '../../../src/exchanges/exchange-options.js';
import { ExchangeRegistry } from '../../../src/exchanges/exchange-registry.js';
import { ExchangesModule } from '../../../src/exchanges/exchanges.module.js';
import { SimulatorClient } from '../../../src/exchanges/simulator/simulator.client.js';
import { BinanceServer } from '../../support/binance-server.js';
import { StoppedClock } from './stopped-clock.js';

@Injectable()
class OtherExchange extends ExchangeClient {
  readonly id: string = 'other';
  readonly concurrency = 1;
  closed = false;

  async markets(): Promise<Market[]> {
    return [];
  }

  pageSize(): number {
    return 1;
  }

  async fetchCandles(): Promise<CandlePage> {
    return { closed: [], forming: null };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

@Injectable()
class Impostor extends OtherExchange {
  override readonly id = 'simulator';
}

function compose(clients: Array<new () => ExchangeClient>, options = {}) {
  const providers = [
    { provide: Clock, useValue: new StoppedClock(Date.UTC(2024, 0, 1)) },
    { provide: EXCHANGE_OPTIONS, useValue: options },
  ];
  @Global()
  @Module({ providers, exports: [Clock, EXCHANGE_OPTIONS] })
  class Root {}
  return Test.createTestingModule({ imports: [Root, ExchangesModule.forRoot({ clients })] }).compile();
}

describe('ExchangesModule', () => {
  it('knows the simulator, registered clients and all of ccxt, one instance each', async () => {
    const app = await compose([OtherExchange]);
    const registry = app.get(ExchangeRegistry);
    expect(registry.get('simulator')).toBeInstanceOf(SimulatorClient);
    expect(registry.get('other')).toBeInstanceOf(OtherExchange);
    expect(registry.get('kraken')).toBeInstanceOf(CcxtClient);
    for (const id of ['simulator', 'other', 'kraken']) {
      expect(registry.get(id)).toBe(registry.get(id));
      expect(registry.get(id).id).toBe(id);
    }
  });

  it('hands each exchange its own options', async () => {
    const server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles: [] }] });
    const app = await compose([], server.exchangeOptions());
    expect(await app.get(ExchangeRegistry).get('binance').markets()).toHaveLength(1);
    await app.close();
    await server.close();
  });

  it('closes what it opened', async () => {
    const app = await compose([OtherExchange]);
    const other = app.get(ExchangeRegistry).get('other') as OtherExchange;
    await app.close();
    expect(other.closed).toBe(true);
  });

  it('refuses two clients with one id', async () => {
    await expect(compose([Impostor])).rejects.toThrow('simulator');
  });
});
