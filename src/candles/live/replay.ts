import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { INTERVALS } from '../../common/interval.js';
import { READER } from '../../database/names.js';
import { SELECT_CHANGES, toChange, type ChangeRow } from '../change-log.js';
import { EventMaker } from './event-maker.js';
import { KeptSeries } from './kept-series.js';
import { wantsEvent, wantsMarket, type EventId, type LiveListener } from './live-event.js';

/** Changes that are gone through for one who comes back, at most. */
const MAX_CHANGES = 20_000;
const PAGE = 500;
const NEWS = `${SELECT_CHANGES} WHERE id >= ? AND id <= ? AND (head_time IS NOT NULL OR revised IS NOT NULL)
  ORDER BY id LIMIT ${PAGE}`;
const OLDEST = 'SELECT min(id) AS oldest FROM change_log';

/** Tells one who was away what has happened meanwhile. */
@Injectable()
export class Replay {
  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(EventMaker) private readonly maker: EventMaker,
    @Inject(KeptSeries) private readonly kept: KeptSeries,
  ) {}

  /**
   * @param after the last event that came
   * @param upTo the last change that is to be told of
   * @returns false where some of it is not known any more, and so nothing was told
   */
  async run(listener: LiveListener, after: EventId, upTo: number): Promise<boolean> {
    if (!(await this.isKnown(after, upTo))) return false;
    for (let start = after.index === null ? after.change + 1 : after.change; start <= upTo;) {
      const rows = await this.reader.query<ChangeRow[]>(NEWS, [start, upTo]);
      for (const row of rows) await this.tell(row, listener, after);
      if (rows.length < PAGE) break;
      start = rows.at(-1)!.id + 1;
    }
    return true;
  }

  private async isKnown({ change }: EventId, upTo: number): Promise<boolean> {
    if (upTo - change > MAX_CHANGES) return false;
    if (change === upTo) return true;
    const [{ oldest }] = await this.reader.query<[{ oldest: number | null }]>(OLDEST);
    return oldest !== null && oldest <= change + 1;
  }

  private async tell(row: ChangeRow, listener: LiveListener, after: EventId): Promise<void> {
    const series = await this.kept.find(row.seriesId);
    const { filter } = listener;
    if (!series || !wantsMarket(filter, series)) return;
    const wanted = filter.intervals ?? [];
    const made = INTERVALS.filter((one) => wanted.includes(one) && this.kept.isMadeFrom(series, one));
    for (const event of await this.maker.ofChange(toChange(row), { series, made })) {
      const came = event.id.change === after.change && event.id.index! <= (after.index ?? Infinity);
      if (!came && wantsEvent(filter, event, series.interval)) listener.event(event);
    }
  }
}
