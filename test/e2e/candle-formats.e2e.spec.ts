import { tableFromIPC, util } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { openApiOverStore } from '../support/api-over-store.js';
import { candleAt, range } from '../support/candles.js';
import { readPage } from '../support/service-data.js';
import type { ServiceProcess } from '../support/service-process.js';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const at = (minute: number) => candleAt(NOON + minute * MINUTE);
/** Every seventh minute is not there. */
const KEPT = range(0, 3000).filter((minute) => minute % 7 !== 3);
const CANDLES = KEPT.map(at);
const COLUMNS = ['open_time', 'open', 'high', 'low', 'close', 'volume'];

const cells = ({ openTime, open, high, low, close, volume }: Candle) => [
  String(openTime),
  open,
  high,
  low,
  close,
  volume,
];
const line = (candle: Candle) => cells(candle).join();

async function openKept() {
  const test = await openApiOverStore();
  const held = await test.hold('x', 'A/B', '1m');
  const other = await test.hold('x', 'C/D', '1m');
  await test.commit(held, CANDLES, 'backfill');
  await test.commit(other, CANDLES.slice(0, 5), 'backfill');
  return { ...test, held, other };
}

/** The rows of an answer, without the words around them. */
function csv(text: string): { header: string[]; rows: string[][] } {
  const [header = [], ...rows] = parse(text);
  return { header, rows };
}

describe('candles', () => {
  let service: ServiceProcess;
  let test: Awaited<ReturnType<typeof openKept>>;
  const get = (query: string, headers = {}) =>
    service.get(`/api/v1/candles?exchange=x&symbol=A/B&interval=1m${query}`, headers);
  const bytes = async (query: string) =>
    Buffer.from(
      await (
        await fetch(`${service.url}/api/v1/candles?exchange=x&symbol=A/B&interval=1m${query}`)
      ).arrayBuffer(),
    );

  // The database is the test's own, so it is opened in the first test and closed with it: one test holds them all.
  it('are the same digits in every format and under any choice', { timeout: 120_000 }, async () => {
    test = await openKept();
    service = test.service;

    // Bulk, all of it.
    const all = await get('&limit=all&format=csv');
    expect(all.text).toBe(`${[COLUMNS.join(), ...CANDLES.map(line)].join('\n')}\n`);
    expect(csv(all.text).rows).toHaveLength(CANDLES.length);
    const lines = (await get('&limit=all&format=ndjson')).text.trimEnd().split('\n');
    expect(lines).toEqual(
      CANDLES.map(
        (candle) =>
          `{${cells(candle)
            .map((text, index) => `"${COLUMNS[index]}":${text}`)
            .join()}}`,
      ),
    );
    const descending = (await get('&limit=all&format=csv&order=desc')).text.trimEnd().split('\n').slice(1);
    expect(descending).toEqual(CANDLES.toReversed().map(line));

    // Arrow, as decimals and as doubles.
    const decimals = tableFromIPC(await bytes('&limit=all&format=arrow&numbers=decimal'));
    expect(decimals.schema.fields.map(({ name }) => name)).toEqual(COLUMNS);
    expect(decimals.numRows).toBe(CANDLES.length);
    const scale = (decimals.schema.fields[1]!.type as unknown as { scale: number }).scale;
    const figure = (row: number, column: string) => {
      const digits = util
        .bigNumToString(util.BN.decimal(decimals.getChild(column)!.get(row)))
        .padStart(scale + 1, '0');
      return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '');
    };
    for (const row of [0, 1, 1234, CANDLES.length - 1]) {
      const { openTime, ...figures } = CANDLES[row]!;
      expect(Number(decimals.getChild('open_time')!.get(row))).toBe(openTime);
      for (const [name, value] of Object.entries(figures)) expect(figure(row, name), name).toBe(value);
    }
    const doubles = tableFromIPC(await bytes('&limit=all&format=arrow'));
    for (const column of COLUMNS.slice(1)) {
      const expected = CANDLES.map((candle) => Number(candle[column as 'open']));
      expect([...doubles.getChild(column)!], column).toEqual(expected);
    }
    expect(
      tableFromIPC(await bytes('&format=arrow&from=2020-01-01&to=2020-01-02')).schema.fields,
    ).toHaveLength(6);

    // By the header that names what is accepted.
    const accepted = async (accept: string) =>
      (await get('&limit=2', { accept })).headers.get('content-type');
    expect(await accepted('text/csv')).toMatch('text/csv');
    expect(await accepted('application/x-ndjson, application/json;q=0.5')).toMatch('application/x-ndjson');
    expect(await accepted('application/vnd.apache.arrow.stream')).toBe('application/vnd.apache.arrow.stream');
    expect(await accepted('text/html, */*;q=0.1')).toMatch('application/json');

    // Columns.
    const { text } = await get('&limit=2&columns=close,open_time');
    const [one, two] = CANDLES.slice(-2);
    expect(text).toBe(
      `{"exchange":"x","symbol":"A/B","interval":"1m","columns":["close","open_time"],"candles":[[${one!.close},${one!.openTime}],[${two!.close},${two!.openTime}]],"next":null}`,
    );
    expect((await get('&limit=1&columns=volume&format=csv')).text).toBe(`volume\n${two!.volume}\n`);

    // Filled: flat candles at the close before, marked, and never stored.
    const filled = await get(`&fill=flat&from=${NOON}&to=${NOON + 20 * MINUTE}`);
    const page = JSON.parse(filled.text.replaceAll(/(?<=[[,])(\d+\.\d+)/g, '"$1"'));
    expect(page.candles.map(([time]: [number]) => (time - NOON) / MINUTE)).toEqual(range(0, 20));
    expect(page.filled).toEqual([3, 10, 17].map((minute) => NOON + minute * MINUTE));
    expect(page.candles[3]).toEqual([NOON + 3 * MINUTE, ...Array(4).fill(at(2).close), 0]);
    const marked = csv((await get(`&fill=flat&from=${NOON}&to=${NOON + 5 * MINUTE}&format=csv`)).text);
    expect(marked.header).toEqual([...COLUMNS, 'filled']);
    expect(marked.rows.map((row) => row[6])).toEqual(['false', 'false', 'false', 'true', 'false']);
    const flat = await get('&fill=flat&limit=all&format=csv');
    expect(csv(flat.text).rows).toHaveLength(2999); // up to the last that is there

    // Pages of filled candles neither skip nor repeat.
    for (const order of ['asc', 'desc']) {
      const times: number[] = [];
      for (let next: number | null = order === 'asc' ? NOON : NOON + 100 * MINUTE; next !== null;) {
        const bounds = order === 'asc' ? `from=${next}&to=${NOON + 100 * MINUTE}` : `from=${NOON}&to=${next}`;
        const { body } = await get(`&fill=flat&limit=9&order=${order}&${bounds}`);
        times.push(...body.candles.map(([time]: [number]) => (time - NOON) / MINUTE));
        next = body.next;
      }
      expect(times, order).toEqual(order === 'asc' ? range(0, 100) : range(0, 100).toReversed());
    }

    // Several symbols.
    const several = await service.get('/api/v1/candles?exchange=x&symbol=A/B,C/D&interval=1m&limit=1');
    expect(several.body.results.map(({ symbol, candles }: any) => [symbol, candles[0][0]])).toEqual([
      ['A/B', CANDLES.at(-1)!.openTime],
      ['C/D', CANDLES[4]!.openTime],
    ]);
    const bulk = csv(
      (await service.get('/api/v1/candles?exchange=x&symbol=C/D,A/B&interval=1m&limit=all&format=csv')).text,
    );
    expect(bulk.header).toEqual(['symbol', ...COLUMNS]);
    expect(bulk.rows.map(([symbol]) => symbol)).toEqual([
      ...Array(5).fill('C/D'),
      ...CANDLES.map(() => 'A/B'),
    ]);

    // The candle that is open, and the last of many series.
    await test.store.saveForming(test.held.lease, test.held.series, at(3000));
    const open = await get('&closed=false&limit=2');
    expect(readPage(open.text.replace(/,"forming":\d+/, '')).candles).toEqual([CANDLES.at(-1), at(3000)]);
    expect(open.body.forming).toBe(NOON + 3000 * MINUTE);
    const latest = await service.get('/api/v1/candles?at=latest&closed=false');
    expect(latest.body.candles.map(({ symbol, closed, candle }: any) => [symbol, closed, candle[0]])).toEqual(
      [
        ['A/B', false, NOON + 3000 * MINUTE],
        ['C/D', true, CANDLES[4]!.openTime],
      ],
    );
    const hours = await service.get('/api/v1/candles?at=latest&interval=1h&symbol=A/B&format=csv');
    expect(csv(hours.text).rows.map((row) => row.slice(0, 4))).toEqual([
      ['x', 'A/B', '1h', String(NOON + 48 * 60 * MINUTE)],
    ]);

    // What makes no sense is said, and not guessed.
    const refused: Array<[string, string]> = [
      ['&limit=all', 'limit'],
      ['&limit=all&format=json', 'limit'],
      ['&columns=open,open', 'columns'],
      ['&columns=price', 'columns'],
      ['&fill=linear', 'fill'],
      ['&at=latest&from=2026-01-01', 'from'],
      ['&at=latest&format=arrow', 'format'],
      ['&format=parquet', 'format'],
      ['&numbers=float', 'numbers'],
    ];
    for (const [query, parameter] of refused) {
      const { status, body } = await get(query);
      expect([query, status, body.errors?.[0]?.parameter]).toEqual([query, 400, parameter]);
    }
    const csvOfTwo = await service.get('/api/v1/candles?exchange=x&symbol=A/B,C/D&interval=1m&format=csv');
    expect(csvOfTwo.body).toMatchObject({ status: 400, errors: [{ parameter: 'symbol' }] });
    expect((await service.get('/api/v1/candles')).body.errors.map((one: any) => one.parameter)).toEqual([
      'exchange',
      'symbol',
      'interval',
    ]);
    expect(service.complaints).toEqual([]);
  });
});

describe('an answer', () => {
  let test: Awaited<ReturnType<typeof openKept>>;

  it('is kept by whoever has its ETag, until something in it changes', async () => {
    test = await openKept();
    const { service, held, commit } = test;
    const path = `/api/v1/candles?exchange=x&symbol=A/B&interval=1m&from=${NOON}&to=${NOON + 10 * MINUTE}`;
    const first = await service.get(path);
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^W\/"[\w-]{20}"$/);
    const again = await service.get(path, { 'if-none-match': etag });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await service.get(path, { 'if-none-match': `"other", ${etag.slice(2)}` })).status).toBe(304);
    expect((await service.get(path, { 'if-none-match': '*' })).status).toBe(304);

    // What comes elsewhere leaves it, what comes here does not: at once, whichever process commits.
    await commit(held, [at(3000)]);
    expect((await service.get(path, { 'if-none-match': etag })).status).toBe(304);
    await commit(held, [candleAt(NOON, 1), at(1)]);
    const changed = await service.get(path, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(readPage(changed.text).candles[0]).toEqual(candleAt(NOON, 1));
  });

  it('may be used without asking where it is settled, and is asked for again where it is not', async () => {
    test = await openKept();
    const { service, held, commit, store } = test;
    const control = async (query: string) =>
      (await service.get(`/api/v1/candles?exchange=x&symbol=A/B&interval=1m${query}`)).headers.get(
        'cache-control',
      );
    const whole = `&from=${NOON}&to=${NOON + 10 * MINUTE}`;
    expect(await control(whole)).toBe('public, max-age=3600');
    expect(await control('')).toBe('public, no-cache');
    expect(await control(`&from=${NOON}`)).toBe('public, max-age=3600'); // a whole page of it, with more behind
    expect(await control(`&from=${NOON - MINUTE}&to=${NOON + MINUTE}`)).toBe('public, no-cache'); // partly unknown
    const now = Date.now() - (Date.now() % MINUTE);
    await commit(held, [candleAt(now - 2 * MINUTE), candleAt(now - MINUTE)]);
    expect(await control(`&from=${now - 2 * MINUTE}&to=${now}`)).toBe('public, no-cache');
    await store.saveForming(held.lease, held.series, candleAt(now));
    expect(await control(`&from=${now - 2 * MINUTE}&closed=false`)).toBe('public, no-cache');
  });

  it('is never older than the question, whatever was asked before', async () => {
    test = await openKept();
    const { service, other, commit } = test;
    const path = '/api/v1/candles?exchange=x&symbol=C/D&interval=1m&limit=3';
    for (const minute of range(10, 30)) {
      await commit(other, [at(minute)], minute % 2 === 0 ? 'live' : 'backfill');
      const { candles } = readPage((await service.get(path)).text);
      expect(candles.at(-1)).toEqual(at(minute));
      expect((await service.get(path)).text).toBe((await service.get(path)).text);
    }
  });

  it('has its headers alone for HEAD', async () => {
    test = await openKept();
    const url = `${test.service.url}/api/v1/candles?exchange=x&symbol=A/B&interval=1m&limit=5`;
    const [head, get] = [await fetch(url, { method: 'HEAD' }), await fetch(url)];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    const bulk = await fetch(`${url.replace('limit=5', 'limit=all')}&format=csv`, { method: 'HEAD' });
    expect([bulk.status, await bulk.text()]).toEqual([200, '']);
    const stream = await fetch(`${test.service.url}/api/v1/stream`, { method: 'HEAD' });
    expect([stream.status, await stream.text()]).toEqual([200, '']);
  });
});
