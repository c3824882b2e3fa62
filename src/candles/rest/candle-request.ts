import type { Interval } from '../../common/interval.js';
import type { CandleSource } from '../series.js';
import type { AnswerFormat, CandlesQuery } from './candles.schemas.js';
import { CANDLE_COLUMNS, isPlain, type Column } from './columns.js';

/** A request for candles, with what answers it. */
export interface CandleRequest {
  readonly exchange: string;
  readonly interval: Interval;
  readonly sources: readonly CandleSource[];
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly limit: number | 'all';
  readonly order: 'asc' | 'desc';
  readonly fill: 'none' | 'flat';
  readonly closed: boolean;
  readonly format: AnswerFormat;
  readonly numbers: 'double' | 'decimal';
  /** The columns that were asked for by name. */
  readonly named: boolean;
  readonly columns: readonly Column[];
  /** Whether the candles can be sent as the database writes them. */
  readonly plain: boolean;
}

/** In the order in which they are offered to whoever accepts several. */
const BY_TYPE: ReadonlyArray<readonly [string, AnswerFormat]> = [
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['application/vnd.apache.arrow.stream', 'arrow'],
  ['text/*', 'csv'],
];

/** The format that is asked for: by name, or else by the `Accept` header; JSON where that names none of ours. */
export function formatOf(query: Pick<CandlesQuery, 'format'>, accept = ''): AnswerFormat {
  if (query.format) return query.format;
  const types = accept.split(',').map((part) => {
    const [type = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const accepted = types.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  for (const { type } of accepted) {
    const found = BY_TYPE.find(([offered]) => offered === type);
    if (found) return found[1];
    if (type === '*/*' || type === 'application/*') return 'json';
  }
  return 'json';
}

/** The flags stand where the question lets them differ; of JSON they stand beside the candles. */
export function toCandleRequest(
  query: CandlesQuery & Required<Pick<CandlesQuery, 'exchange' | 'interval'>>,
  format: AnswerFormat,
  sources: readonly CandleSource[],
): CandleRequest {
  const { exchange, interval, from, to, limit, order, fill, columns, numbers } = query;
  const closed = query.closed === 'true';
  const flags: Column[] = [];
  if (format !== 'json') {
    if (fill === 'flat') flags.push('filled');
    if (!closed) flags.push('closed');
  }
  const wanted: Column[] = [
    ...(sources.length > 1 && format !== 'json' ? (['symbol'] as const) : []),
    ...(columns ?? CANDLE_COLUMNS),
    ...flags,
  ];
  return {
    exchange,
    interval,
    sources,
    from,
    to,
    limit,
    order,
    fill,
    closed,
    format,
    numbers,
    named: columns !== undefined,
    columns: wanted,
    plain: fill === 'none' && isPlain(wanted),
  };
}
