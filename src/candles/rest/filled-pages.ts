import { Inject, Injectable } from '@nestjs/common';
import { firstOpenTimeFrom, gridOf, stepOpenTime } from '../../common/interval.js';
import { CandlePages, type CandleRows, type PagesQuery } from '../candle-pages.js';
import type { CandleSource } from '../series.js';
import { fillFlat, type Row } from './flat-fill.js';

/** What is asked of a source for rows. */
export type RowsQuery = Omit<PagesQuery, 'format'> & {
  /** `flat`: open times without a candle, between two that have one, get a flat one. */
  readonly fill: 'none' | 'flat';
};

export interface RowsPage extends Omit<CandleRows, 'candles'> {
  readonly rows: Row[];
}

/** Pages of rows, with what is not there filled where that is wanted. A page never ends or begins anew by that. */
@Injectable()
export class FilledPages {
  constructor(@Inject(CandlePages) private readonly pages: CandlePages) {}

  /** @throws RollupsNotBuiltError */
  async read(source: CandleSource, query: RowsQuery): Promise<RowsPage> {
    const page = await this.pages.rows(source, query);
    const { candles: _candles, ...rest } = page;
    const plain = { ...rest, rows: toRows(page) };
    return query.fill === 'flat' ? this.fill(source, query, plain) : plain;
  }

  private async fill(source: CandleSource, query: RowsQuery, page: RowsPage): Promise<RowsPage> {
    const grid = source.rollup ?? gridOf(source.series);
    const { from, to, limit, order } = query;
    const ascending = order === 'asc' ? page.rows : page.rows.toReversed();
    const newestWanted = from === undefined && to === undefined && order === 'asc';
    const walk = newestWanted ? 'desc' : order;

    // What lies before the page lends its close, and what comes after it says how far to fill.
    const before = ascending[0]?.openTime ?? to;
    const earlier =
      order === 'asc' && from === undefined && !newestWanted
        ? []
        : await this.around(source, query, { to: order === 'asc' && from !== undefined ? from : before });
    const last = ascending.at(-1) ?? earlier.at(-1);
    const end = await this.endOf(source, query, page, last && stepOpenTime(grid, last.openTime, 1));

    const window = { grid, from: from === undefined ? -Infinity : firstOpenTimeFrom(grid, from), to: end };
    const start =
      window.from === -Infinity ? (earlier[0]?.openTime ?? ascending[0]?.openTime ?? 0) : window.from;
    const filled = fillFlat([...earlier, ...ascending], { ...window, from: start }, walk);
    const rows: Row[] = [];
    let more: number | null = null;
    for (const row of filled) {
      if (rows.length === limit) {
        more = row.openTime;
        break;
      }
      rows.push(row);
    }
    if (newestWanted) return { ...page, rows: rows.toReversed(), next: null, full: rows.length === limit };
    const isMore = more !== null || page.next !== null;
    const next = !isMore ? null : order === 'asc' ? (more ?? page.next) : (rows.at(-1)?.openTime ?? null);
    return { ...page, rows, next, full: rows.length === limit };
  }

  /** The newest candle before `to`. */
  private async around(
    source: CandleSource,
    query: RowsQuery,
    { to }: { to: number | undefined },
  ): Promise<Row[]> {
    const { closed } = query;
    return toRows(await this.pages.rows(source, { from: undefined, to, limit: 1, order: 'desc', closed }));
  }

  /** Up to where there may be holes: to the candle that comes next, or to the end of what is asked for. */
  private async endOf(
    source: CandleSource,
    { to, order, closed }: RowsQuery,
    { next }: RowsPage,
    afterLast: number | undefined,
  ): Promise<number> {
    if (order === 'asc' && next !== null) return next;
    if (to === undefined) return afterLast ?? 0;
    const later = await this.pages.rows(source, { from: to, to: undefined, limit: 1, order: 'asc', closed });
    return later.candles.length > 0
      ? firstOpenTimeFrom(source.rollup ?? gridOf(source.series), to)
      : (afterLast ?? 0);
  }
}

function toRows({ candles, forming }: CandleRows): Row[] {
  return candles.map((candle) => ({
    ...candle,
    filled: false,
    closed: forming === null || candle.openTime < forming,
  }));
}
