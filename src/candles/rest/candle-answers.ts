import { Inject, Injectable } from '@nestjs/common';
import { cancellation } from '../../common/cancellation.js';
import { Clock } from '../../common/clock.js';
import { AnswerCache, type Extent, type Made } from '../answer-cache.js';
import { candleText, CSV_HEADER, type CandleFormat } from '../candle-reader.js';
import { CandlePages, type CandlePage } from '../candle-pages.js';
import { KnownCoverage } from '../known-coverage.js';
import { extentOf } from '../page-extent.js';
import type { CandleSource } from '../series.js';
import { ARROW_TYPE } from './arrow-batches.js';
import { ArrowMaker } from './arrow-maker.js';
import type { Row } from './flat-fill.js';
import { toAnswer, type Answer } from './answer.js';
import type { CandleRequest } from './candle-request.js';
import { FilledPages } from './filled-pages.js';
import { rowText } from './row-text.js';

export const TYPES: Record<CandleFormat, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};
/** After so long closed candles have been read again, and are not asked for any more, in milliseconds. */
const SETTLED_MS = 48 * 3_600_000;

/** A page as it stands in an answer. */
interface Part extends Pick<CandlePage, 'text' | 'next' | 'forming' | 'partial' | 'over'> {
  readonly filled: readonly number[] | null;
  readonly rows?: readonly Row[];
  readonly full: boolean;
}

/** Whole answers of candles, one page of each symbol, kept as long as nothing changes. */
@Injectable()
export class CandleAnswers {
  constructor(
    @Inject(CandlePages) private readonly pages: CandlePages,
    @Inject(FilledPages) private readonly filled: FilledPages,
    @Inject(AnswerCache) private readonly cache: AnswerCache,
    @Inject(KnownCoverage) private readonly coverage: KnownCoverage,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ArrowMaker) private readonly arrows: ArrowMaker,
  ) {}

  /** @param request with a number as its limit. @throws RollupsNotBuiltError */
  answer(request: CandleRequest): Promise<Answer> {
    return this.cache.get(keyOf(request), () => this.make(request));
  }

  private async make(request: CandleRequest): Promise<Made<Answer>> {
    // Arrow is made of the lines of CSV.
    const format = request.format === 'arrow' ? 'csv' : request.format;
    const parts: Part[] = [];
    for (const source of request.sources) {
      cancellation()?.throwIfAborted();
      parts.push(await this.part(request, source, format));
    }
    const extents = parts.map((part, index) => this.extent(request, request.sources[index]!, part));
    const known = extents.every((extent) => extent !== null) ? extents : null;
    const isSettled = known !== null && (await this.areSettled(known));
    const value =
      request.format === 'arrow'
        ? await this.asArrow(request, parts[0]!, isSettled)
        : format === 'json'
          ? asJson(request, parts, isSettled)
          : asText(request, parts[0]!, isSettled);
    return { value, extents: known };
  }

  private async part(request: CandleRequest, source: CandleSource, format: CandleFormat): Promise<Part> {
    const { from, to, order, closed, fill, columns, plain } = request;
    const window = { from, to, order, closed, limit: request.limit as number };
    if (plain) return { ...(await this.pages.read(source, { ...window, format })), filled: null };
    const { rows, ...page } = await this.filled.read(source, { ...window, fill });
    const flat = rows.filter((row) => row.filled).map(({ openTime }) => openTime);
    const isArrow = request.format === 'arrow';
    return {
      ...page,
      rows,
      text: isArrow ? candleText(rows, 'csv') : rowText(rows, columns, format, source.series.symbol),
      filled: fill === 'flat' ? flat : null,
    };
  }

  private async asArrow(request: CandleRequest, part: Part, isSettled: boolean): Promise<Answer> {
    const batches = await this.arrows.batchesFor(request);
    const { text, rows } = part;
    const source = { csv: text, symbol: request.sources[0]!.series.symbol, ...(rows && { rows }) };
    const body = batches.write([batches.make(source)]);
    return toAnswer(body, ARROW_TYPE, { headers: pageHeaders(part), isSettled });
  }

  private extent(request: CandleRequest, source: CandleSource, part: Part): Extent | null {
    const { from, to, order, closed, fill, plain } = request;
    const window = { from, to, order, closed, limit: 1, format: 'json' as const };
    // Of what was filled, the price may come from any candle before, and whether it was from any after.
    if (fill === 'flat') {
      const all = { seriesId: source.series.id, from: -Infinity, to: Infinity };
      return closed ? all : null;
    }
    const full = part.full && plain && request.format !== 'ndjson' && request.format !== 'arrow';
    return extentOf(source, window, { ...part, full }, this.clock.now());
  }

  private async areSettled(extents: readonly Extent[]): Promise<boolean> {
    const before = this.clock.now() - SETTLED_MS;
    for (const { seriesId, from, to } of extents) {
      if (!Number.isFinite(from) || to > before || from >= to) return false;
      if (!(await this.coverage.covers(seriesId, { from, to }))) return false;
    }
    return true;
  }
}

function keyOf({ sources, exchange, interval, ...rest }: CandleRequest): string {
  const ids = sources.map(({ series }) => series.id);
  return JSON.stringify(['candles', ids, exchange, interval, rest]);
}

function asJson(request: CandleRequest, parts: readonly Part[], isSettled: boolean): Answer {
  const bodies = parts.map((part, index) => jsonOf(request, request.sources[index]!, part));
  const body =
    bodies.length === 1
      ? bodies[0]!
      : Buffer.concat([
          Buffer.from('{"results":['),
          ...bodies.flatMap((one, index) => (index === 0 ? [one] : [Buffer.from(','), one])),
          Buffer.from(']}'),
        ]);
  return toAnswer(body, TYPES.json, { isSettled });
}

function jsonOf(
  { exchange, interval, named, columns, closed }: CandleRequest,
  { series: { symbol } }: CandleSource,
  { text, next, partial, filled, forming }: Part,
): Buffer {
  const head = JSON.stringify({ exchange, symbol, interval, ...(named && { columns }) }).slice(0, -1);
  const tail = JSON.stringify({
    next,
    ...(!closed && { forming }),
    ...(filled && { filled }),
    ...(partial && { partial }),
  });
  return Buffer.concat([Buffer.from(`${head},"candles":[`), text, Buffer.from(`],${tail.slice(1)}`)]);
}

function asText({ format, columns, plain }: CandleRequest, part: Part, isSettled: boolean): Answer {
  const { text } = part;
  const header = plain ? CSV_HEADER : columns.join();
  const body = Buffer.concat([
    Buffer.from(format === 'csv' ? `${header}\n` : ''),
    text,
    Buffer.from(text.length > 0 ? '\n' : ''),
  ]);
  return toAnswer(body, TYPES[format as CandleFormat], { headers: pageHeaders(part), isSettled });
}

/** What of a page has no place in its body. */
function pageHeaders({ next, partial }: Part): Record<string, string> {
  return {
    ...(next !== null && { 'x-next': String(next) }),
    ...(partial && { 'x-partial': String(partial.length) }),
  };
}
