import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { shared } from '../../common/cancellation.js';
import { Clock } from '../../common/clock.js';
import { INTERVALS, type Interval } from '../../common/interval.js';
import { Log } from '../../logging/log.js';
import { ChangeFeed, type FeedEvent } from '../change-feed.js';
import type { Change } from '../change-log.js';
import { Replay } from './replay.js';
import { EventMaker } from './event-maker.js';
import { FormingReader } from './forming-reader.js';
import { KeptSeries } from './kept-series.js';
import { wantsEvent, wantsMarket, type EventId, type LiveEvent, type LiveListener } from './live-event.js';
import type { Series } from '../series.js';

/** How often it is looked for changes while somebody listens, in milliseconds. */
const LOOK_EVERY_MS = 50;

interface Subscription {
  readonly listener: LiveListener;
  /** Changes up to this one are not for it. */
  readonly after: number;
  /** What comes while older events are still being sent; null once they have been. */
  backlog: LiveEvent[] | null;
}

/**
 * Tells what happens to candles, whichever process collects them. Looks for it only while somebody listens, once for all
 * of them.
 */
@Injectable()
export class LiveEvents implements BeforeApplicationShutdown {
  private readonly subscriptions = new Set<Subscription>();
  private readonly waiting: Change[] = [];
  /** The newest change whose events have been told, or are about to be. */
  private current = 0;
  private working: Promise<void> | null = null;
  private mayHaveFormed = false;
  private stopLooking: () => void = () => undefined;

  constructor(
    @Inject(ChangeFeed) private readonly feed: ChangeFeed,
    @Inject(EventMaker) private readonly maker: EventMaker,
    @Inject(KeptSeries) private readonly kept: KeptSeries,
    @Inject(FormingReader) private readonly formingReader: FormingReader,
    @Inject(Replay) private readonly replay: Replay,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    feed.observe((event) => this.take(event));
  }

  get listeners(): number {
    return this.subscriptions.size;
  }

  /**
   * Tells the listener what happens from now on, and before that what has happened since `after`.
   *
   * @param begin called before anything is told, once it is certain that it will be
   * @returns what ends it
   */
  async subscribe(
    listener: LiveListener,
    after?: EventId,
    begin: () => void = () => undefined,
  ): Promise<() => void> {
    await this.feed.catchUp();
    await this.kept.refresh();
    begin();
    if (this.subscriptions.size === 0) this.begin();
    const isOurs = after !== undefined && after.change <= this.feed.position;
    const subscription: Subscription = {
      listener,
      after: isOurs ? Math.max(this.current, after.change) : this.current,
      backlog: after ? [] : null,
    };
    this.subscriptions.add(subscription);
    const end = () => {
      if (this.subscriptions.delete(subscription) && this.subscriptions.size === 0) this.rest();
    };
    if (!after) return end;
    try {
      const isWhole = isOurs && (await this.replay.run(listener, after, subscription.after));
      if (!isWhole) listener.gap();
      const { backlog } = subscription;
      subscription.backlog = null;
      for (const event of backlog ?? []) listener.event(event);
      return end;
    } catch (error) {
      end();
      throw error;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.endAll('the service is stopping');
    await this.working;
  }

  /** Ends every subscription. */
  endAll(reason: string): void {
    for (const { listener } of this.subscriptions) listener.end(reason);
    this.subscriptions.clear();
    this.rest();
  }

  private begin(): void {
    this.waiting.length = 0;
    this.current = this.feed.position;
    let failed = false;
    const look = async () => {
      try {
        await this.feed.catchUp();
        failed = false;
      } catch (error) {
        if (!failed) this.log.warn('stream.look_failed', { error });
        failed = true;
      }
    };
    this.stopLooking();
    this.stopLooking = shared(() => this.clock.every(LOOK_EVERY_MS, () => void look()));
  }

  private rest(): void {
    this.stopLooking();
    this.waiting.length = 0;
    this.formingReader.forget();
  }

  private take(event: FeedEvent): void {
    if (this.subscriptions.size === 0) return;
    if (event.kind === 'lost') {
      this.waiting.length = 0;
      for (const { listener } of this.subscriptions) listener.gap();
      return;
    }
    if (event.kind === 'changes') this.waiting.push(...event.changes);
    else this.mayHaveFormed = true;
    // It is for all who listen, whoever has asked what is new.
    this.working ??= shared(() => this.work())
      .catch((error: unknown) => {
        this.log.warn('stream.events_failed', { error });
        for (const { listener } of this.subscriptions) listener.gap();
      })
      .finally(() => (this.working = null));
  }

  private async work(): Promise<void> {
    while (this.subscriptions.size > 0) {
      const change = this.waiting.shift();
      if (change) {
        this.current = change.id;
        await this.tellChange(change);
      } else if (this.mayHaveFormed) {
        this.mayHaveFormed = false;
        await this.tellForming();
      } else return;
    }
  }

  private async tellChange(change: Change): Promise<void> {
    if (change.head === null && change.revised.length === 0) return;
    const series = await this.kept.find(change.seriesId);
    if (!series) return;
    const events = await this.maker.ofChange(change, { series, made: this.wantedOf(series) });
    for (const event of events) this.send(event, series.interval);
  }

  private async tellForming(): Promise<void> {
    if (![...this.subscriptions].some(wantsForming)) return;
    for (const { seriesId, candle } of await this.formingReader.updated()) {
      const series = await this.kept.find(seriesId);
      if (!series) continue;
      const { exchange, symbol, interval } = series;
      const id = { change: this.current, index: null };
      this.send({ kind: 'forming', exchange, symbol, interval, candle, id }, interval);
      for (const longer of this.wantedOf(series)) {
        const event = await this.maker.forming(series, longer);
        if (event) this.send({ ...event, id }, interval);
      }
    }
  }

  /** The intervals that somebody wants of it, and that are made of it. */
  private wantedOf(series: Series): Interval[] {
    const named = new Set(
      [...this.subscriptions].flatMap(({ listener: { filter } }) =>
        wantsMarket(filter, series) ? (filter.intervals ?? []) : [],
      ),
    );
    return INTERVALS.filter((interval) => named.has(interval) && this.kept.isMadeFrom(series, interval));
  }

  private send(event: LiveEvent, own: Interval): void {
    for (const subscription of this.subscriptions) {
      const { listener, after, backlog } = subscription;
      if (event.kind !== 'forming' && event.id.change <= after) continue;
      if (!wantsEvent(listener.filter, event, own)) continue;
      if (backlog) backlog.push(event);
      else listener.event(event);
    }
  }
}

function wantsForming({ listener: { filter } }: Subscription): boolean {
  return filter.kinds === undefined || filter.kinds.includes('forming');
}
