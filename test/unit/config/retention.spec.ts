import { describe, expect, it } from 'vitest';
import { Retention } from '../../../src/config/retention.js';

const DAY = 86_400_000;

describe('CRYPTOFLOW_RETENTION', () => {
  it('keeps everything for ever unless it says otherwise', () => {
    const nothing = Retention.parse('');
    expect(nothing.isEmpty).toBe(true);
    expect(nothing.ofCandles('binance', 'BTC/USDT', '1m')).toBeNull();
    expect(nothing.ofRecords('revisions')).toBeNull();
  });

  it('is told by exchange, symbol and interval; the first rule that matches counts', () => {
    const retention = Retention.parse(
      'binance:BTC/USDT@1m=2y binance:*/USDT@1m,5m=90d *@1m=30d revisions=10d',
    );
    expect(retention.ofCandles('binance', 'BTC/USDT', '1m')).toBe(730 * DAY);
    expect(retention.ofCandles('binance', 'ETH/USDT', '5m')).toBe(90 * DAY);
    expect(retention.ofCandles('kraken', 'ETH/USDT', '1m')).toBe(30 * DAY);
    expect(retention.ofCandles('kraken', 'ETH/USDT', '5m')).toBeNull();
    expect(retention.ofRecords('revisions')).toBe(10 * DAY);
    expect(retention.ofRecords('quarantine')).toBeNull();
  });

  it('tells contracts, whose symbols hold a colon, from exchanges', () => {
    const retention = Retention.parse('bybit:BTC/USDT:USDT@1m=90d *:*@1h=1y');
    expect(retention.ofCandles('bybit', 'BTC/USDT:USDT', '1m')).toBe(90 * DAY);
    expect(retention.ofCandles('okx', 'BTC/USDT:USDT', '1h')).toBe(365 * DAY);
  });

  it.each(['*@1m', '*@1m=', '*@1m=90', '*@1m=12h', '*@2m=90d', 'revision=9d', '*@1m=1d=2d', '=9d'])(
    'refuses %s, and says which entry',
    (entry) => {
      expect(() => Retention.parse(`*@1h=90d ${entry}`)).toThrow(
        expect.objectContaining({ code: 'INVALID_RETENTION', message: expect.stringContaining('entry 2') }),
      );
    },
  );
});
