import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { READER } from '../database/names.js';
import { ChangeFeed, type FeedEvent } from './change-feed.js';
import type { Window } from './coverage.js';

/** How long what is known is believed while nobody asks what has changed: what was known is seldom forgotten. */
const BELIEVED_MS = 10_000;
const MAX_SERIES = 1000;

// Spans do not overlap: of those that begin before a time only the last can reach it.
const SPANS = `SELECT from_time AS "from", to_time AS "to" FROM coverage
  WHERE series_id = ? AND state <> 'missing' AND from_time < ? AND from_time >= coalesce(
    (SELECT max(from_time) FROM coverage WHERE series_id = ? AND from_time <= ?), ?)
  ORDER BY from_time`;

/** Tells of what time nothing is missing, and nothing is still to be asked for. */
@Injectable()
export class KnownCoverage {
  private readonly known = new LRUCache<number, Window & { readonly until: number }>({ max: MAX_SERIES });

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ChangeFeed) feed: ChangeFeed,
  ) {
    feed.observe((event) => this.forget(event));
  }

  /** @param window open times, Unix ms, `to` exclusive */
  async covers(seriesId: number, { from, to }: Window): Promise<boolean> {
    const now = this.clock.monotonic();
    const known = this.known.get(seriesId);
    if (known && now < known.until && known.from <= from && to <= known.to) return true;
    const spans = await this.reader.query<Window[]>(SPANS, [seriesId, to, seriesId, from, from]);
    const [first] = spans;
    if (!first || first.from > from) return false;
    let end = first.to;
    for (const span of spans) {
      if (span.from > end) break;
      end = Math.max(end, span.to);
    }
    if (end < to) return false;
    this.known.set(seriesId, { from: first.from, to: end, until: now + BELIEVED_MS });
    return true;
  }

  private forget(event: FeedEvent): void {
    if (event.kind === 'lost') this.known.clear();
    if (event.kind === 'changes') for (const { seriesId } of event.changes) this.known.delete(seriesId);
  }
}
