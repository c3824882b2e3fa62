import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { listen, openApiOverStore, type ReceivedEvent } from '../support/api-over-store.js';
import { candleAt, range } from '../support/candles.js';
import { eventually } from '../support/service-process.js';

const MINUTE = 60_000;
/** A Monday at noon. */
const NOON = Date.UTC(2026, 5, 1, 12);
const at = (minute: number, revision = 0) => candleAt(NOON + minute * MINUTE, revision);

function textOf({ openTime, open, high, low, close, volume }: Candle): string {
  return `"candle":[${[openTime, open, high, low, close, volume].join()}]}`;
}

function rowsOf(events: readonly ReceivedEvent[]): string[] {
  return events.map(({ data }) => data.slice(data.indexOf('"candle"')));
}

describe('the stream', () => {
  it('tells of what another process commits: forming, closed and revised candles, digit for digit', async () => {
    const { service, hold, commit, store } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(
      held,
      range(0, 10).map((minute) => at(minute)),
      'backfill',
    );
    const stream = await listen(service);
    await store.saveForming(held.lease, held.series, at(10));
    await eventually('the forming candle', () => stream.of('forming').length > 0);
    await commit(held, [at(9), at(10)]);
    await eventually('the closed candle', () => stream.of('closed').length > 0);
    await commit(held, [at(4, 1), at(5)]);
    await eventually('the revised candle', () => stream.of('revised').length > 0);

    const head = '{"exchange":"x","symbol":"A/B","interval":"1m",';
    expect(stream.received.map(({ type, data }) => [type, data])).toEqual([
      ['forming', head + textOf(at(10))],
      ['closed', head + textOf(at(10))],
      ['revised', head + textOf(at(4, 1))],
    ]);
    expect(stream.received.every(({ id }) => /^\d+(?:-\d+)?$/.test(id))).toBe(true);
  });

  it('does not tell of history', async () => {
    const { service, hold, commit } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(held, [at(1000)], 'backfill');
    const stream = await listen(service);
    await commit(
      held,
      range(0, 1000).map((minute) => at(minute)),
      'backfill',
    );
    await commit(held, [at(1001)]);
    await eventually('the closed candle', () => stream.of('closed').length > 0);
    expect(rowsOf(stream.received)).toEqual([textOf(at(1001))]);
  });

  it('goes on after Last-Event-ID without a gap and without a repetition, also at another process', async () => {
    const { service, hold, commit, startApi } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(held, [at(0)], 'backfill');
    const first = await listen(service);
    await commit(
      held,
      range(1, 6).map((minute) => at(minute)),
    );
    await eventually('five candles', () => first.received.length === 5);
    first.close();
    const [, , third] = first.received;
    for (const minute of range(6, 10)) await commit(held, [at(minute)]);
    await commit(held, [at(2, 1)]);

    const other = await startApi();
    const again = await listen(other, '', { 'last-event-id': third!.id });
    await commit(held, [at(10)]);
    await eventually('the newest', () => again.received.length >= 8);
    expect(rowsOf(again.received)).toEqual(
      [...range(4, 10).map((minute) => at(minute)), at(2, 1), at(10)].map(textOf),
    );
    expect(new Set(again.received.map(({ id }) => id)).size).toBe(8);
    expect(again.received.slice(0, 2).map(({ id }) => id)).toEqual(
      first.received.slice(3).map(({ id }) => id),
    );
  });

  it('says where events may be missing', async () => {
    const { service, hold, commit, writer } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(held, [at(0)], 'backfill');
    for (const minute of range(1, 5)) await commit(held, [at(minute)]);
    await writer.query('DELETE FROM change_log WHERE id <= 3');
    const stream = await listen(service, '', { 'last-event-id': '1' });
    await commit(held, [at(5)]);
    await eventually('the closed candle', () => stream.of('closed').length > 0);
    expect(stream.received.map(({ type }) => type)).toEqual(['gap', 'closed']);
  });

  it('tells of intervals that nobody collects when they close, and while they are open', async () => {
    const { service, hold, commit, store } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(
      held,
      range(0, 8).map((minute) => at(minute)),
      'backfill',
    );
    const stream = await listen(service, '?interval=5m,1h&symbol=A/B');
    await store.saveForming(held.lease, held.series, at(8));
    await eventually('open ones', () => stream.of('forming').length >= 2);
    for (const minute of range(8, 11)) await commit(held, [at(minute)]);
    await eventually('the closed one', () => stream.of('closed').length > 0);
    const path = '/api/v1/candles?exchange=x&symbol=A/B&interval=5m&limit=1';
    const { text } = await service.get(path);
    const row = /"candles":\[(\[[^\]]*\])\]/.exec(text)![1]!;
    expect(stream.of('closed').map(({ data }) => data)).toEqual([
      `{"exchange":"x","symbol":"A/B","interval":"5m","candle":${row}}`,
    ]);
    expect(stream.of('forming').map(({ data }) => JSON.parse(data).interval)).toEqual(
      expect.arrayContaining(['5m', '1h']),
    );
    // A minute of it is revised, so it is.
    await commit(held, [at(6, 1), at(7)]);
    await eventually('the revised one', () => stream.of('revised').length > 0);
    expect(JSON.parse(stream.of('revised')[0]!.data)).toMatchObject({ interval: '5m' });
  });

  it('tells each client what it asked for', async () => {
    const { service, hold, commit } = await openApiOverStore();
    const [a, b] = [await hold('x', 'A/B', '1m'), await hold('y', 'C/D', '1m')];
    await commit(a, [at(0)], 'backfill');
    await commit(b, [at(0)], 'backfill');
    const streams = {
      all: await listen(service),
      exchange: await listen(service, '?exchange=x'),
      symbol: await listen(service, '?symbol=C/D'),
      revised: await listen(service, '?events=revised'),
      longer: await listen(service, '?interval=1h'),
    };
    await commit(a, [at(1)]);
    await commit(
      b,
      [at(1), at(0, 1)].toSorted((one, other) => one.openTime - other.openTime),
    );
    await eventually('all of them', () => streams.all.received.length === 3);
    await eventually('the revision', () => streams.revised.received.length === 1);
    await eventually('both', () => streams.symbol.received.length === 2);
    const seen = Object.entries(streams).map(([name, { received }]) => [
      name,
      received.map(({ type, data }) => `${type} ${JSON.parse(data).symbol}`),
    ]);
    expect(Object.fromEntries(seen)).toEqual({
      all: ['closed A/B', 'closed C/D', 'revised C/D'],
      exchange: ['closed A/B'],
      symbol: ['closed C/D', 'revised C/D'],
      revised: ['revised C/D'],
      longer: [],
    });
  });

  it('refuses what it does not know', async () => {
    const { service } = await openApiOverStore();
    const status = async (query: string, headers = {}) =>
      (await service.get(`/api/v1/stream${query}`, headers)).status;
    expect(await status('?interval=7m')).toBe(400);
    expect(await status('?events=opened')).toBe(400);
    expect(await status('?symbols=A/B')).toBe(400);
    expect(await status('', { 'last-event-id': 'x' })).toBe(400);
  });

  it('drops a client that does not take what comes, and goes on for the others', async () => {
    const { service, hold, commit } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(held, [at(0)], 'backfill');
    const quick = await listen(service, '?events=closed');
    const slow = request(`${service.url}/api/v1/stream?events=closed`);
    const paused = new Promise<void>((resolve) => {
      slow.on('response', (response) => {
        response.pause();
        resolve();
      });
    });
    slow.on('error', () => undefined);
    slow.end();
    await paused;
    let sent = 0;
    await service.until('the slow one to be dropped', async () => {
      const candles = range(sent + 1, sent + 1001).map((minute) => at(minute));
      await commit(held, candles);
      sent += 1000;
      await eventually('the quick one', () => quick.received.length >= sent);
      return service.events('stream.client.dropped').length > 0;
    });
    expect(quick.of('closed')).toHaveLength(sent);
    slow.destroy();
  });

  it('ends with a word when the service stops', async () => {
    const { service } = await openApiOverStore();
    const stream = await listen(service);
    const exit = await service.stop();
    expect(exit).toEqual({ code: 0, signal: null });
    expect(stream.of('end')).toHaveLength(1);
  });
});
