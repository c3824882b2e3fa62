import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestSignal } from '../../http/open-requests.js';
import { BulkReads } from '../../http/bulk-reads.js';
import { InvalidRequestError } from '../../http/request-errors.js';
import { SeriesReader } from '../series-reader.js';
import { sendAnswer } from './answer.js';
import { ARROW_TYPE } from './arrow-batches.js';
import { CandleAnswers, TYPES } from './candle-answers.js';
import { formatOf, toCandleRequest, type CandleRequest } from './candle-request.js';
import { CandleStream } from './candle-stream.js';
import { candlesQuerySchema, type AnswerFormat, type CandlesQuery } from './candles.schemas.js';
import { LatestAnswers } from './latest-answers.js';

/** Candles of one answer that is no stream, of all its symbols. */
const MAX_ROWS = 50_000;

@Controller('api/v1/candles')
export class CandlesController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandleAnswers) private readonly answers: CandleAnswers,
    @Inject(LatestAnswers) private readonly latest: LatestAnswers,
    @Inject(CandleStream) private readonly stream: CandleStream,
    @Inject(BulkReads) private readonly bulk: BulkReads,
  ) {}

  @Get()
  async list(
    @Query({ schema: candlesQuerySchema }) query: CandlesQuery,
    @Req() httpRequest: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | StreamableFile | undefined> {
    const format = formatOf(query, httpRequest.headers.accept);
    if (query.format === undefined) void reply.header('vary', 'accept');
    if (query.at === 'latest') {
      const answer = await this.latest.answer(query, notArrow(format));
      return sendAnswer(httpRequest, reply, answer);
    }
    const request = await this.resolve(query, format);
    if (request.limit === 'all') return this.sendStream(request, httpRequest, reply);
    return sendAnswer(httpRequest, reply, await this.answers.answer(request));
  }

  private async resolve(query: CandlesQuery, format: AnswerFormat): Promise<CandleRequest> {
    const { exchange, symbol: symbols, interval } = query as Required<CandlesQuery>;
    if (format === 'json' && query.limit === 'all') {
      throw invalid('limit', 'all of them come as csv, ndjson or arrow');
    }
    if (query.limit !== 'all' && symbols.length * query.limit > MAX_ROWS) {
      throw invalid('limit', `expected at most ${Math.floor(MAX_ROWS / symbols.length)} for so many symbols`);
    }
    if (symbols.length > 1 && format !== 'json' && query.limit !== 'all') {
      throw invalid('symbol', 'several of them come as json, or with limit=all');
    }
    const find = (symbol: string) => this.series.find(exchange, symbol, interval);
    const sources = await Promise.all(symbols.map(find));
    return toCandleRequest({ ...query, exchange, interval }, format, sources);
  }

  private async sendStream(
    request: CandleRequest,
    httpRequest: FastifyRequest,
    reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const isArrow = request.format === 'arrow';
    const type = isArrow ? ARROW_TYPE : TYPES[request.format as 'csv' | 'ndjson'];
    void reply.type(type).header('cache-control', 'no-store');
    if (httpRequest.method === 'HEAD') return undefined;
    const leave = this.bulk.enter();
    try {
      const stream = isArrow ? await this.stream.arrow(request) : await begun(this.stream.text(request));
      stream.once('close', leave);
      const gone = requestSignal(httpRequest);
      if (gone.aborted) stream.destroy();
      else gone.addEventListener('abort', () => stream.destroy(), { once: true });
      return new StreamableFile(stream, { type });
    } catch (error) {
      leave();
      throw error;
    }
  }
}

function notArrow(format: AnswerFormat): Exclude<AnswerFormat, 'arrow'> {
  if (format === 'arrow') throw invalid('format', 'the latest candles come as json, csv or ndjson');
  return format;
}

function invalid(parameter: string, message: string): InvalidRequestError {
  return new InvalidRequestError('INVALID_PARAMETER', [{ parameter, message }]);
}

/** What goes wrong at once is an answer of its own, and no end in mid-body. */
async function begun(parts: AsyncGenerator<Buffer>): Promise<Readable> {
  const first = await parts.next();
  const all = async function* () {
    if (!first.done) yield first.value;
    yield* parts;
  };
  return Readable.from(all(), { objectMode: false, highWaterMark: 1 });
}
