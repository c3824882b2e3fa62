import { guarded } from '../../src/exchanges/guarded-client.js';
import { SIMULATION_START, SimulatorClient } from '../../src/exchanges/simulator/simulator.client.js';
import { StoppedClock } from '../unit/exchanges/stopped-clock.js';
import { exchangeClientContract } from './exchange-client.contract.js';
import type { ExchangeGuard } from '../../src/exchanges/exchange-guard.js';

const NOON = Date.UTC(2024, 1, 29, 12, 0, 25);

const PASSABLE: ExchangeGuard = {
  processes: 1,
  run: (_exchange, _asking, call) => call(),
  beforeRequest: async () => undefined,
  afterAnswer: () => undefined,
};

exchangeClientContract('behind a guard', async () => ({
  client: guarded(new SimulatorClient(new StoppedClock(NOON)), PASSABLE),
  symbol: 'BTC/USDT',
  interval: '1m',
  oldest: SIMULATION_START,
  now: NOON,
}));
