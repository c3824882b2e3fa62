import { describe, expect, it } from 'vitest';
import { archivePath, openTimesOf, parseArchiveName } from '../../../src/archives/archive-name.js';

describe('the name of a file of the archive', () => {
  it.each([
    ['BTCUSDT-1m-2023-03.zip', 'BTCUSDT', '1m', 'monthly', '2023-03-01', '2023-04-01'],
    ['BTCUSDT-1m-2024-12.csv', 'BTCUSDT', '1m', 'monthly', '2024-12-01', '2025-01-01'],
    ['1INCHUSDT-12h-2023-03-31.zip', '1INCHUSDT', '12h', 'daily', '2023-03-31', '2023-04-01'],
    ['ETHBTC-1mo-2023-02.ZIP', 'ETHBTC', '1M', 'monthly', '2023-02-01', '2023-03-01'],
    ['币安人生USDT-1h-2025-10.zip', '币安人生USDT', '1h', 'monthly', '2025-10-01', '2025-11-01'],
  ])('%s', (file, market, interval, period, from, to) => {
    const expected = { market, exact: true, interval, period, from: Date.parse(from), to: Date.parse(to) };
    expect(parseArchiveName(file)).toEqual(expected);
    if (file.endsWith('.zip')) expect(archivePath(parseArchiveName(file)!).endsWith(`/${file}`)).toBe(true);
  });

  it.each([
    'btc.csv',
    'BTCUSDT-trades-2023-03.zip',
    'BTCUSDT-1m-2023.zip',
    'BTCUSDT-1m-2023-03.zip.CHECKSUM',
  ])('%s is another form', (file) => expect(parseArchiveName(file)).toBeNull());

  it.each(['BTCUSDT-1s-2023-03.zip', 'BTCUSDT-1m-2023-13.zip', 'BTCUSDT-1m-2023-02-30.zip'])(
    '%s names what there is not',
    (file) => expect(() => parseArchiveName(file)).toThrow(/unknown interval|not a time/),
  );

  it('leads back to where the archive keeps it', () => {
    const day = { market: 'BTCUSDT', interval: '1m', period: 'daily', from: Date.UTC(2023, 2, 5) } as const;
    expect(archivePath(day)).toBe('daily/klines/BTCUSDT/1m/BTCUSDT-1m-2023-03-05.zip');
    const month = { ...day, interval: '1M', period: 'monthly', from: Date.UTC(2023, 2, 1) } as const;
    expect(archivePath(month)).toBe('monthly/klines/BTCUSDT/1mo/BTCUSDT-1mo-2023-03.zip');
  });

  it('does not bound candles that may reach over the end of a month', () => {
    expect(openTimesOf(parseArchiveName('BTCUSDT-1w-2023-03.zip')!)).toBeNull();
    expect(openTimesOf(parseArchiveName('BTCUSDT-1d-2023-03.zip')!)).toEqual({
      from: Date.UTC(2023, 2, 1),
      to: Date.UTC(2023, 3, 1),
    });
  });
});
