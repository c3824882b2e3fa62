import fc from 'fast-check';

const LONG = 'x'.repeat(3000);

/** What has broken programs before: injections, the edges of numbers, names that objects have anyway. */
const INFAMOUS = [
  '',
  ' ',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e309',
  '-1e309',
  '0x10',
  '١٢٣',
  'NaN',
  'Infinity',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '[',
  '["BTCUSDT"',
  '["BTCUSDT","BTCUSDT"]',
  '[null]',
  '9007199254740993',
  '8640000000000001',
  '-8640000000000001',
  '99999999999999999999',
  '9'.repeat(400),
  '+002026-01-01',
  '2026-02-30',
  '2026-11-22T25:00:00Z',
  '0000-01-01T00:00:00Z',
  '2026-11-22T00:00:00+99:99',
  `' OR 1=1 --`,
  `"; DROP TABLE candle; --`,
  '1; ATTACH DATABASE x AS y',
  '%',
  '_',
  '%00',
  '\0',
  'a\r\nSet-Cookie: b',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '%2e%2e%2f',
  'file:///etc/passwd',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  ',',
  ',,,,',
  'BTC/USDT,',
  'BTC/USDT,BTC/USDT',
  'BTC/USDT,DOGE/USDT',
  'btc/usdt',
  'BTCUSDT',
  'BTC:USDT:X',
  '1m,1h,1M',
  'all',
  'latest',
  '😀',
  'ﷺ'.repeat(20),
  '\u202Eabc',
  '\uFEFF1',
  'İ',
  'ß',
  LONG,
] as const;

export const infamous = fc.constantFrom(...INFAMOUS);

const number = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.double().map(String),
  fc.integer({ min: -100, max: 20_000 }).map(String),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map(String),
  fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((seconds) => String(seconds * 1000)),
);

/** Anything that a parameter may be given. Well-formed, so that it can be written into an address. */
export const oddValue: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: infamous, weight: 4 },
  { arbitrary: number, weight: 2 },
  { arbitrary: time, weight: 2 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 1 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }), weight: 1 },
);

/** What stands in an address, right or wrong: encoded mostly. */
export function encoded(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: value.map(encodeURIComponent), weight: 12 },
    { arbitrary: value.map(asIs), weight: 2 },
    {
      arbitrary: fc.constantFrom('%', '%zz', '%c3%28', '%ed%a0%80', '%u0041', '+', '%2B', '&', '='),
      weight: 1,
    },
  );
}

/** What of it can go over the wire without being encoded. */
function asIs(value: string): string {
  return value.replaceAll(/[^!-~]|[#?]/g, '');
}

/** What may stand in a header. */
export const headerValue = oddValue.map((value) => value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').trim());
