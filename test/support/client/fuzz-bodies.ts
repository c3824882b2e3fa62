import fc from 'fast-check';
import { infamous, oddValue } from './fuzz-values.js';

/** Some of them are taken, and make series that nobody collects here. */
const SYMBOLS = [
  'ETH/USDT',
  'BTC/USDT:USDT',
  '😀/ß',
  `A/'B`,
  'A/B/C',
  '/',
  '',
  'a b/c',
  '__proto__/constructor',
];

const bodyType = fc.oneof(
  { arbitrary: fc.constant('application/json'), weight: 8 },
  {
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-16',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/octet-stream',
      'a',
      '',
    ),
    weight: 1,
  },
);

export interface Body {
  readonly type: string;
  readonly text: string;
}

/** Bodies come with writes mostly; what is right is changed in one place, or altogether something else. */
export function bodyFor(example: unknown, isWrite: boolean): fc.Arbitrary<Body | undefined> {
  const none = fc.constant(undefined);
  const some = fc.record({ type: bodyType, text: bodyText(example) });
  return fc.oneof(
    { arbitrary: none, weight: isWrite ? 1 : 40 },
    { arbitrary: some, weight: isWrite ? 4 : 1 },
  );
}

function bodyText(example: unknown): fc.Arbitrary<string> {
  const members = fc.record(
    {
      exchange: fc.oneof(fc.constant('simulator'), infamous, fc.jsonValue()),
      symbol: fc.oneof(fc.constantFrom(...SYMBOLS), fc.jsonValue()),
      interval: fc.oneof(fc.constantFrom('1m', '1h', '1M', '7m', ''), fc.jsonValue()),
      from: fc.oneof(fc.maxSafeInteger(), oddValue, fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const changed = members.map((some) => JSON.stringify({ ...(example as object | undefined), ...some }));
  const broken = fc.constantFrom(
    '',
    '{',
    '{"from":}',
    '\uFEFF{}',
    '{"__proto__":{"from":1}}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"unknown":1}',
    '{"from":1e999}',
    `{"from":${'9'.repeat(5000)}}`,
    '['.repeat(20_000),
    `{"symbol":"${'x'.repeat(60_000)}"}`,
    `"${'x'.repeat(70_000)}"`,
    'null',
    '0',
  );
  return fc.oneof(
    { arbitrary: fc.constant(JSON.stringify(example ?? {})), weight: 2 },
    { arbitrary: changed, weight: 5 },
    { arbitrary: fc.json(), weight: 1 },
    { arbitrary: broken, weight: 2 },
    { arbitrary: oddValue, weight: 1 },
  );
}
