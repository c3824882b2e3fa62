import type { ServerResponse } from 'node:http';
import {
  formatEventId,
  type LiveEvent,
  type LiveFilter,
  type LiveListener,
} from '../../candles/live/live-event.js';

/** What may wait to be taken by one client, in bytes: a few thousand events. */
const MAX_BACKLOG = 512 * 1024;

/** Each event is written once, for all who get it. */
const written = new WeakMap<LiveEvent, Buffer>();

/** One client of the stream, as server-sent events (WHATWG HTML, section 9.2). */
export class SseConnection implements LiveListener {
  private ended = false;

  /** @param onSlow called once when it is dropped since it does not take what comes */
  constructor(
    readonly filter: LiveFilter,
    private readonly response: ServerResponse,
    private readonly onSlow: () => void,
  ) {}

  event(event: LiveEvent): void {
    let text = written.get(event);
    if (!text) written.set(event, (text = toText(event)));
    this.write(text);
  }

  gap(): void {
    this.write(named('gap', 'events may be missing here: ask for the candles that you need'));
  }

  end(reason: string): void {
    if (this.ended) return;
    this.write(named('end', reason));
    this.ended = true;
    this.response.end();
  }

  /** A line that clients pass over: it shows both sides that the other is there. */
  heartbeat(): void {
    this.write(': \n\n');
  }

  private write(text: string | Buffer): void {
    if (this.ended || this.response.destroyed) return;
    if (this.response.writableLength > MAX_BACKLOG) return this.drop();
    this.response.write(text);
  }

  /** Whatever has been written goes out first, so that one who reads after all learns why. */
  private drop(): void {
    this.ended = true;
    this.response.end(named('end', 'too slow: more had come than is kept for one client'));
    this.onSlow();
  }
}

function toText(event: LiveEvent): Buffer {
  const { kind, exchange, symbol, interval, candle } = event;
  const { openTime, open, high, low, close, volume } = candle;
  const head = JSON.stringify({ exchange, symbol, interval }).slice(0, -1);
  const row = [openTime, open, high, low, close, volume].join();
  return Buffer.from(`event: ${kind}\nid: ${formatEventId(event.id)}\ndata: ${head},"candle":[${row}]}\n\n`);
}

function named(event: string, reason: string): string {
  return `event: ${event}\ndata: ${JSON.stringify({ reason })}\n\n`;
}
