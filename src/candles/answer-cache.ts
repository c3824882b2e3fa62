import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Observed } from '../common/observed.js';
import type { Change } from './change-log.js';
import { ChangeFeed, type FeedEvent } from './change-feed.js';

/** A stretch of one series that an answer was made of. Open times, Unix ms, `to` exclusive. */
export interface Extent {
  readonly seriesId: number;
  readonly from: number;
  readonly to: number;
}

/** What was made, and what it was made of: null where it may change without a commit, and so is not kept. */
export interface Made<T> {
  readonly value: T;
  readonly extents: readonly Extent[] | null;
}

interface Entry {
  readonly value: Sized;
  readonly extents: readonly Extent[];
}

/** How much an answer takes, in bytes. */
export interface Sized {
  readonly size: number;
}

/** Bytes of answers that are kept at most. */
const MAX_SIZE = 16 * 1024 * 1024;
/** What an entry takes beside its answer, about, in bytes. */
const ENTRY_SIZE = 400;

/**
 * Hot answers, until something that they were made of changes. An answer from here is never older than the question: the
 * feed is asked first what has been committed, by whichever process.
 */
@Injectable()
export class AnswerCache extends Observed<'hit' | 'miss'> {
  private readonly answers = new LRUCache<string, Entry>({
    maxSize: MAX_SIZE,
    sizeCalculation: ({ value }, key) => value.size + key.length + ENTRY_SIZE,
    dispose: (entry, key) => this.forget(key, entry),
  });
  /** The keys of the answers that each series is in. */
  private readonly bySeries = new Map<number, Set<string>>();
  /** Answers that are being made: what changes meanwhile may or may not be in them. */
  private readonly making = new Set<{ changed: Change[]; lost: boolean }>();

  constructor(@Inject(ChangeFeed) private readonly feed: ChangeFeed) {
    super();
    feed.observe((event) => this.invalidate(event));
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.answers.calculatedSize;
  }

  /** The answer that is kept under `key`, or the one that `make` makes. */
  async get<T extends Sized>(key: string, make: () => Promise<Made<T>>): Promise<T> {
    // Only what is kept may be out of date: whoever finds nothing need not ask.
    if (this.answers.has(key)) await this.feed.catchUp();
    const kept = this.answers.get(key);
    if (kept) {
      this.tell('hit');
      return kept.value as T;
    }
    this.tell('miss');
    const meanwhile = { changed: [], lost: false };
    this.making.add(meanwhile);
    try {
      const { value, extents } = await make();
      if (extents && !meanwhile.lost && !isTouched(extents, meanwhile.changed)) {
        this.answers.set(key, { value, extents });
        for (const { seriesId } of extents) this.keysOf(seriesId).add(key);
      }
      return value;
    } finally {
      this.making.delete(meanwhile);
    }
  }

  private invalidate(event: FeedEvent): void {
    if (event.kind === 'commit') return;
    if (event.kind === 'lost') {
      for (const meanwhile of this.making) meanwhile.lost = true;
      this.answers.clear();
      return;
    }
    for (const meanwhile of this.making) meanwhile.changed.push(...event.changes);
    for (const change of event.changes) {
      for (const key of Array.from(this.bySeries.get(change.seriesId) ?? [])) {
        const entry = this.answers.peek(key);
        if (entry && isTouched(entry.extents, [change])) this.answers.delete(key);
      }
    }
  }

  private keysOf(seriesId: number): Set<string> {
    let keys = this.bySeries.get(seriesId);
    if (!keys) this.bySeries.set(seriesId, (keys = new Set()));
    return keys;
  }

  private forget(key: string, { extents }: Entry): void {
    for (const { seriesId } of extents) {
      const keys = this.bySeries.get(seriesId);
      keys?.delete(key);
      if (keys?.size === 0) this.bySeries.delete(seriesId);
    }
  }
}

function isTouched(extents: readonly Extent[], changes: readonly Change[]): boolean {
  return extents.some(({ seriesId, from, to }) =>
    changes.some((change) => change.seriesId === seriesId && change.from < to && change.to > from),
  );
}
