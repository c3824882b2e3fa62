import { Inject, Injectable } from '@nestjs/common';
import type { CandleFormat } from '../candle-reader.js';
import { LatestReader, type LatestCandle } from '../latest-reader.js';
import { toAnswer, type Answer } from './answer.js';
import { TYPES } from './candle-answers.js';
import type { CandlesQuery } from './candles.schemas.js';

const NAMES = [
  'exchange',
  'symbol',
  'interval',
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'closed',
];

/** Answers to `at=latest`. */
@Injectable()
export class LatestAnswers {
  constructor(@Inject(LatestReader) private readonly latest: LatestReader) {}

  async answer(query: CandlesQuery, format: CandleFormat): Promise<Answer> {
    const { exchange, symbol: symbols, interval } = query;
    const candles = await this.latest.read({
      exchange,
      symbols,
      interval,
      closed: query.closed === 'true',
    });
    return toAnswer(Buffer.from(WRITE[format](candles)), TYPES[format]);
  }
}

const WRITE: Record<CandleFormat, (candles: readonly LatestCandle[]) => string> = {
  json: (candles) => `{"candles":[${candles.map(asJson).join()}]}`,
  csv: (candles) => [NAMES, ...candles.map(cells)].map((line) => `${line.join()}\n`).join(''),
  ndjson: (candles) => candles.map((one) => `${asObject(one)}\n`).join(''),
};

function figures({ candle: { openTime, open, high, low, close, volume } }: LatestCandle): string[] {
  return [String(openTime), open, high, low, close, volume];
}

function cells(one: LatestCandle): string[] {
  return [one.exchange, one.symbol, one.interval, ...figures(one), String(one.closed)];
}

function asJson(one: LatestCandle): string {
  const { exchange, symbol, interval, closed } = one;
  const head = JSON.stringify({ exchange, symbol, interval }).slice(0, -1);
  return `${head},"candle":[${figures(one).join()}],"closed":${closed}}`;
}

function asObject(one: LatestCandle): string {
  const { exchange, symbol, interval } = one;
  const texts = [exchange, symbol, interval].map((text) => JSON.stringify(text));
  const values = [...texts, ...figures(one), String(one.closed)];
  return `{${values.map((value, index) => `"${NAMES[index]}":${value}`).join()}}`;
}
