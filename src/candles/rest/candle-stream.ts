import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { candleText } from '../candle-reader.js';
import { CandlePages } from '../candle-pages.js';
import { SeriesReader } from '../series-reader.js';
import type { CandleSource } from '../series.js';
import { loadArrow, type BatchSource } from './arrow-batches.js';
import { ArrowMaker } from './arrow-maker.js';
import type { CandleRequest } from './candle-request.js';
import { FilledPages } from './filled-pages.js';
import type { Row } from './flat-fill.js';
import { rowText } from './row-text.js';

/** Candles per read: 10,000 of them are about 600 KB of text. */
const PAGE = 10_000;
const NEWLINE = Buffer.from('\n');
/** No candle opens before, or after. */
const MIN_TIME = 0;
const MAX_TIME = 4e15;

/**
 * Candles in bulk, however many: page after page, as whoever reads takes them, so that it takes the memory of one. Each
 * page is a snapshot of its own; no read transaction stays open meanwhile.
 */
@Injectable()
export class CandleStream {
  constructor(
    @Inject(CandlePages) private readonly pages: CandlePages,
    @Inject(FilledPages) private readonly filled: FilledPages,
    @Inject(ArrowMaker) private readonly arrows: ArrowMaker,
    @Inject(SeriesReader) private readonly series: SeriesReader,
  ) {}

  /**
   * CSV with its header, or lines of JSON.
   *
   * @throws NotKeptError where a series was deleted meanwhile: what came of it is not all of it
   */
  async *text(request: CandleRequest): AsyncGenerator<Buffer> {
    const format = request.format === 'csv' ? 'csv' : 'ndjson';
    if (format === 'csv') yield Buffer.from(`${request.columns.join()}\n`);
    for (const source of request.sources) {
      const symbol = source.series.symbol;
      const pages = request.plain
        ? this.plainPages(source, request, format)
        : mapEach(this.rowPages(source, request), (rows) => rowText(rows, request.columns, format, symbol));
      for await (const page of pages) {
        if (page.length > 0) yield Buffer.concat([page, NEWLINE]);
      }
      await this.series.get(source.series.id);
    }
  }

  /** An Arrow IPC stream. */
  async arrow(request: CandleRequest): Promise<Readable> {
    const arrow = await loadArrow();
    const batches = await this.arrows.batchesFor(request);
    const parts = this.batchSources(request);
    const made = async function* () {
      // The schema is in the stream also where nothing else is.
      yield batches.make({ csv: Buffer.alloc(0), symbol: '' });
      for await (const part of parts) yield batches.make(part);
    };
    const writer = arrow.RecordBatchStreamWriter.throughNode({ autoDestroy: true }) as NodeJS.ReadWriteStream;
    const source = Readable.from(made(), { objectMode: true, highWaterMark: 1 });
    source.on('error', (error) => (writer as unknown as Readable).destroy(error));
    (writer as unknown as Readable).on('close', () => source.destroy());
    return source.pipe(writer) as unknown as Readable;
  }

  private async *batchSources(request: CandleRequest): AsyncGenerator<BatchSource> {
    for (const source of request.sources) {
      const { symbol } = source.series;
      if (request.fill === 'none' && request.closed) {
        for await (const csv of this.plainPages(source, request, 'csv')) yield { csv, symbol };
      } else {
        for await (const rows of this.rowPages(source, request)) {
          yield { csv: candleText(rows, 'csv'), rows, symbol };
        }
      }
      await this.series.get(source.series.id);
    }
  }

  private async *plainPages(
    source: CandleSource,
    { from, to, order, closed, limit }: CandleRequest,
    format: 'csv' | 'ndjson',
  ): AsyncGenerator<Buffer> {
    if (limit !== 'all') {
      yield (await this.pages.read(source, { from, to, limit, order, closed, format })).text;
      return;
    }
    const read = (window: PageWindow) =>
      this.pages.read(source, { ...window, limit: PAGE, order, closed, format });
    for await (const { text } of allPages({ from, to }, order, read)) yield text;
  }

  private async *rowPages(
    source: CandleSource,
    { from, to, order, closed, limit, fill }: CandleRequest,
  ): AsyncGenerator<Row[]> {
    if (limit !== 'all') {
      yield (await this.filled.read(source, { from, to, limit, order, closed, fill })).rows;
      return;
    }
    const read = (window: PageWindow) =>
      this.filled.read(source, { ...window, limit: PAGE, order, closed, fill });
    for await (const { rows } of allPages({ from, to }, order, read)) yield rows;
  }
}

interface PageWindow {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Without a bound on the side where it begins, the newest page alone would be meant. */
async function* allPages<P extends { readonly next: number | null }>(
  { from, to }: PageWindow,
  order: 'asc' | 'desc',
  read: (window: PageWindow) => Promise<P>,
): AsyncGenerator<P> {
  const bound = order === 'asc' ? 'from' : 'to';
  const start = order === 'asc' ? (from ?? MIN_TIME) : (to ?? MAX_TIME);
  for (let next: number | null = start; next !== null;) {
    const page: P = await read({ from, to, [bound]: next });
    yield page;
    next = page.next;
  }
}

async function* mapEach<A, B>(items: AsyncIterable<A>, map: (item: A) => B): AsyncGenerator<B> {
  for await (const item of items) yield map(item);
}
