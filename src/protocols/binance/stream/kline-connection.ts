import type { WebSocket } from 'ws';
import type { LiveEvent, LiveFilter, LiveListener } from '../../../candles/live/live-event.js';
import type { Clock } from '../../../common/clock.js';
import type { Interval } from '../../../common/interval.js';
import type { ListedMarket } from '../symbol-id.js';
import { klineMessage } from './kline-message.js';
import { parseStreamName } from './stream-name.js';
import { MAX_STREAMS, parseStreamRequest, type StreamRequest } from './stream-request.js';

/** What may wait to be taken by one client, in bytes: about a thousand klines. */
const MAX_BACKLOG = 512 * 1024;
/** Messages that a client may send within a second; Binance allows five. */
const MAX_MESSAGES = 20;

/** Codes of RFC 6455, section 7.4.1. */
export const CLOSE = { goingAway: 1001, policy: 1008, tryAgain: 1013 } as const;

/** Finds the market that a stream's name means; undefined where none is kept. */
export type FindMarket = (id: string) => Promise<ListedMarket | undefined>;

interface Wanted {
  readonly market: ListedMarket;
  readonly interval: Interval;
}

/** One client of Binance's websocket: the streams that it wants, and what it is sent of them. */
export class KlineConnection implements LiveListener {
  /** Named so, whether kept or not. */
  private readonly names = new Set<string>();
  private readonly wanted = new Map<string, Wanted & { readonly name: string }>();
  private filtered: LiveFilter = { symbols: [], intervals: [] };
  private second = -Infinity;
  private messages = 0;

  constructor(
    private readonly socket: WebSocket,
    private combined: boolean,
    private readonly findMarket: FindMarket,
    private readonly clock: Clock,
  ) {}

  get filter(): LiveFilter {
    return this.filtered;
  }

  event(event: LiveEvent): void {
    const wanted = event.kind === 'revised' ? undefined : this.wanted.get(keyOf(event));
    if (!wanted) return;
    const message = klineMessage(event, wanted.market.id, this.clock.now());
    const text = this.combined ? `{"stream":${JSON.stringify(wanted.name)},"data":${message}}` : message;
    if (this.socket.bufferedAmount > MAX_BACKLOG) {
      this.end('too slow: more had come than is kept for one client', CLOSE.policy);
      return;
    }
    this.socket.send(text);
  }

  /** The protocol has no word for it: a client that asks for klines when it connects misses none. */
  gap(): void {
    this.end('events were missed: connect anew', CLOSE.tryAgain);
  }

  end(reason: string, code: number = CLOSE.goingAway): void {
    this.socket.close(code, reason);
  }

  /** Answers one message of the client. */
  async answer(text: string): Promise<void> {
    if (this.isFlooded()) return this.end('too many messages', CLOSE.policy);
    const request = parseStreamRequest(text);
    if ('code' in request) return this.send({ ...request });
    const result = await this.perform(request);
    this.send({ result, id: request.id ?? null });
  }

  /** Names of no stream that is kept are passed over, as Binance does. */
  async add(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.names.size >= MAX_STREAMS) break;
      this.names.add(name);
      const stream = parseStreamName(name);
      const market = stream && (await this.findMarket(stream.id));
      if (!stream || !market || !this.names.has(name)) continue;
      const { interval } = stream;
      this.wanted.set(keyOf({ ...market, interval }), { market, interval, name });
    }
    this.refilter();
  }

  private remove(names: readonly string[]): void {
    for (const name of names) this.names.delete(name);
    for (const [key, { name }] of this.wanted) if (!this.names.has(name)) this.wanted.delete(key);
    this.refilter();
  }

  private refilter(): void {
    const wanted = [...this.wanted.values()];
    this.filtered = {
      symbols: [...new Set(wanted.map(({ market }) => market.symbol))],
      intervals: [...new Set(wanted.map(({ interval }) => interval))],
    };
  }

  private async perform(request: StreamRequest): Promise<unknown> {
    switch (request.method) {
      case 'SUBSCRIBE':
        await this.add(request.params);
        return null;
      case 'UNSUBSCRIBE':
        this.remove(request.params);
        return null;
      case 'LIST_SUBSCRIPTIONS':
        return [...this.names];
      case 'SET_PROPERTY':
        this.combined = request.params[1];
        return null;
      default:
        return this.combined;
    }
  }

  private send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  private isFlooded(): boolean {
    const second = Math.floor(this.clock.monotonic() / 1000);
    if (second !== this.second) [this.second, this.messages] = [second, 0];
    this.messages += 1;
    return this.messages > MAX_MESSAGES;
  }
}

function keyOf({ exchange, symbol, interval }: Pick<LiveEvent, 'exchange' | 'symbol' | 'interval'>): string {
  return `${exchange}:${symbol}@${interval}`;
}
