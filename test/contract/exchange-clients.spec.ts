import { CcxtClient } from '../../src/exchanges/ccxt/ccxt.client.js';
import { SIMULATION_START, SimulatorClient } from '../../src/exchanges/simulator/simulator.client.js';
import { BinanceServer } from '../support/binance-server.js';
import { BinanceWebsocket } from '../support/binance-websocket.js';
import { gappyCandles, generateCandles } from '../support/candle-files.js';
import { StoppedClock } from '../unit/exchanges/stopped-clock.js';
import { exchangeClientContract } from './exchange-client.contract.js';
import type { Candle } from '../../src/candles/candle.js';

const NOON = Date.UTC(2024, 1, 29, 12, 0, 25);

for (const interval of ['1m', '5m', '1h', '1d'] as const) {
  exchangeClientContract(`simulator, ${interval}`, async () => ({
    client: new SimulatorClient(new StoppedClock(NOON)),
    symbol: 'BTC/USDT',
    interval,
    oldest: SIMULATION_START,
    now: NOON,
  }));
}

function binanceContract(name: string, candles: readonly Candle[]): void {
  exchangeClientContract(`ccxt's binance, ${name}`, async () => {
    const server = await BinanceServer.start({
      markets: [{ symbol: 'BTC/USDT', candles }],
      marketDataOnly: true,
    });
    const stream = await BinanceWebsocket.start();
    const now = candles.at(-1)!.openTime + 20_000;
    const options = { ...stream.exchangeOptions(server).binance, enableRateLimit: false };
    return {
      client: new CcxtClient('binance', options, new StoppedClock(now)),
      symbol: 'BTC/USDT',
      interval: '1m',
      oldest: candles[0]!.openTime,
      now,
      stir: () => void stream.push({ symbol: 'BTC/USDT', candle: candles.at(-1)! }),
      tearDown: async () => {
        await stream.close();
        await server.close();
      },
    };
  });
}

binanceContract('without holes', generateCandles({ from: Date.UTC(2024, 0, 1), count: 3210 }));
binanceContract('with holes', gappyCandles().candles);
