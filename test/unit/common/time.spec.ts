import { describe, expect, it } from 'vitest';
import { InvalidTimeError, parseDuration, parseTime } from '../../../src/common/time.js';

const NOON = Date.UTC(2024, 0, 31, 12);

describe('parseTime', () => {
  it.each([
    ['1706702400000', NOON],
    ['0', 0],
    ['-1', -1],
    [' 0 ', 0],
    ['2024-01-31', Date.UTC(2024, 0, 31)],
    ['2024-01-31T12:00', NOON],
    ['2024-01-31T12:00:00', NOON],
    ['2024-01-31 12:00:00', NOON],
    ['2024-01-31T12:00:00Z', NOON],
    ['2024-01-31T12:00:00.5Z', NOON + 500],
    ['2024-01-31T12:00:00,123Z', NOON + 123],
    ['2024-01-31T12:00:00.123456789Z', NOON + 123],
    ['2024-01-31T14:00:00+02:00', NOON],
    ['2024-01-31T14:00+0200', NOON],
    ['2024-01-31T14:00+02', NOON],
    ['2024-01-31T06:30:00-05:30', NOON],
    ['2024-01-31T06:30:00.000-0530', NOON],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2000-02-29', Date.UTC(2000, 1, 29)],
    ['8640000000000000', 8_640_000_000_000_000],
  ])('reads %j, UTC where no zone is named', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it('does not depend on the zone of the machine', () => {
    const before = process.env['TZ'];
    try {
      for (const zone of ['Asia/Kolkata', 'America/St_Johns', 'UTC']) {
        process.env['TZ'] = zone;
        expect(parseTime('2024-01-31T12:00:00')).toBe(NOON);
        expect(parseTime('2024-01-31')).toBe(NOON - 12 * 3_600_000);
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it.each([
    '',
    ' ',
    'now',
    'yesterday',
    '1e3',
    '1.5',
    '0x10',
    '1706702400000n',
    'NaN',
    '31.01.2024',
    'Jan 31 2024',
    '2024-1-31',
    '2024-01',
    '2024-00-10',
    '2024-13-01',
    '2024-01-00',
    '2024-01-32',
    '2024-04-31',
    '2023-02-29',
    '1900-02-29',
    '2024-02-30',
    '2024-02-30T00:00:00Z',
    '2024-01-31T25:00',
    '2024-01-31T12:60',
    '2024-01-31T12:00:60',
    '2024-01-31T12',
    '2024-01-31T',
    '2024-01-31T12:00:00+25:00',
    '2024-01-31T12:00:00+02:60',
    '2024-01-31T12:00:00 Z',
    '2024-01-31Z',
    '2024-01-31T12:00:00.Z',
    '2024-01-31T12:00:00Europe/Berlin',
    '8640000000000001',
    '-8640000000000001',
  ])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(InvalidTimeError);
  });
});

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['30d', 2_592_000_000],
    ['2w', 1_209_600_000],
    ['0s', 0],
    [' 1s ', 1000],
  ])('reads %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '30',
    'd',
    '-1d',
    '30 d',
    '1M',
    '1y',
    '1d12h',
    '1e3s',
    '.5s',
    '5.s',
    '99999999999999999w',
    'Infinitys',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(InvalidTimeError);
  });
});
