import { tableFromIPC, util } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal } from '../../src/common/decimal.js';
import { listen, openApiOverStore } from '../support/api-over-store.js';
import { atEnd } from '../support/at-end.js';
import { range } from '../support/candles.js';
import { readPage } from '../support/service-data.js';
import { eventually } from '../support/service-process.js';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const COUNT = 40;
const FIGURES = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Figures that no double holds, and some that are as small or as large as they come. */
function candleOf(minute: number): Candle {
  const digits = String(123_456_789_012 + minute * 7_919);
  const tiny = `0.00000000${digits}${minute % 9}1`;
  return {
    openTime: NOON + minute * MINUTE,
    open: `${digits}.00000000000000${minute % 10}3`,
    high: `9${digits}.5`,
    low: tiny,
    close: `${minute}.${digits}7`,
    volume: minute % 5 === 0 ? '0' : `${digits}000.000${(minute % 9) + 1}`,
  };
}

const CANDLES = range(0, COUNT).map(candleOf);
const rowOf = ({ openTime, ...figures }: Candle) => [openTime, ...FIGURES.map((name) => figures[name])];

describe('the same candles', () => {
  it('are the same decimals in every protocol', async () => {
    const { service, hold, commit } = await openApiOverStore();
    const held = await hold('binance', 'BTC/USDT', '1m');
    await commit(held, [{ ...candleOf(1), openTime: NOON - MINUTE }], 'backfill');
    const stream = await listen(service, '?events=closed');
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/binance/ws/btcusdt@kline_1m`);
    atEnd(() => socket.terminate());
    const klines: any[] = [];
    socket.on('message', (data: Buffer) => klines.push(JSON.parse(data.toString())));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('{"method":"LIST_SUBSCRIPTIONS","id":1}');
    await eventually('the websocket', () => klines.some(({ id }) => id === 1));
    await commit(held, CANDLES);
    await eventually('all events', () => stream.received.length === COUNT);
    await eventually('all klines', () => klines.filter(({ k }) => k).length === COUNT);

    const expected = CANDLES.map(rowOf);
    const rest = `/api/v1/candles?exchange=binance&symbol=BTC/USDT&interval=1m&from=${NOON}`;
    const told: Record<string, unknown[][]> = {};
    told['json'] = readPage((await service.get(rest)).text).candles.map(rowOf);
    told['csv'] = parse((await service.get(`${rest}&format=csv`)).text)
      .slice(1)
      .map(([time, ...figures]) => [Number(time), ...figures]);
    told['ndjson'] = (await service.get(`${rest}&format=ndjson&limit=all`)).text
      .trimEnd()
      .split('\n')
      .map((line) =>
        [...line.matchAll(/:(-?[\d.]+)/g)].map(([, figure], at) => (at === 0 ? Number(figure) : figure)),
      );

    const arrow = Buffer.from(
      await (await fetch(`${service.url}${rest}&format=arrow&numbers=decimal&limit=all`)).arrayBuffer(),
    );
    const table = tableFromIPC(arrow);
    told['arrow'] = range(0, table.numRows).map((row) => [
      Number(table.getChild('open_time')!.get(row)),
      ...FIGURES.map((name) => {
        const column = table.getChild(name)!;
        const { scale } = column.type as unknown as { scale: number };
        return canonicalDecimal(`${util.bigNumToString(util.BN.decimal(column.get(row)))}e-${scale}`);
      }),
    ]);

    const udf = await service.get(
      `/udf/history?symbol=BINANCE:BTC/USDT&resolution=1&from=${NOON / 1000}&to=${NOON / 1000 + COUNT * 60}`,
    );
    const columns = [...udf.text.matchAll(/"[tohlcv]":\[([^\]]*)\]/g)].map(([, inside]) =>
      inside!.split(','),
    );
    told['udf'] = range(0, COUNT).map((row) =>
      columns.map((column, at) => (at === 0 ? Number(column[row]) * 1000 : column[row])),
    );

    const klinesPath = `/binance/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=${NOON}`;
    told['binance'] = (await service.get(klinesPath)).body.map((row: unknown[]) => row.slice(0, 6));
    told['stream'] = stream.received.map(({ data }) => {
      const [time, ...figures] = /"candle":\[(.*)\]/.exec(data)![1]!.split(',');
      return [Number(time), ...figures];
    });
    told['websocket'] = klines.filter(({ k }) => k).map(({ k }) => [k.t, k.o, k.h, k.l, k.c, k.v]);
    for (const [protocol, rows] of Object.entries(told))
      expect([protocol, rows]).toEqual([protocol, expected]);
  });
});
