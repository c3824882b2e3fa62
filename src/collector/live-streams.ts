import type { CandleStore } from '../candles/candle-store.js';
import type { Series } from '../candles/series.js';
import type { Clock } from '../common/clock.js';
import type { ExchangeClient } from '../exchanges/exchange-client.js';
import type { Lease } from '../locks/lease.js';
import type { Log } from '../logging/log.js';
import { FormingWriter } from './forming-writer.js';
import { LiveFeed } from './live-feed.js';
import { LiveStatistics } from './live-statistics.js';
import { StreamGate } from './stream-gate.js';

/** Makes the feed of a series once its lease is held. */
export type OpenLiveFeed = (lease: Lease, scope: { readonly series: Series }) => LiveFeed;

/** The streams of all exchanges of this process. */
export class LiveStreams {
  readonly statistics = new LiveStatistics();
  private readonly gates = new Map<string, StreamGate>();
  private readonly writer: FormingWriter;

  constructor(
    store: CandleStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.writer = new FormingWriter(store, clock, log);
  }

  /** Null where the exchange has no stream at all. */
  of(client: ExchangeClient): OpenLiveFeed | null {
    if (!client.watchCandles) return null;
    const { clock, log, writer, statistics } = this;
    const gate = this.gate(client.id);
    const watch: NonNullable<ExchangeClient['watchCandles']> = (request) => client.watchCandles!(request);
    return (lease, scope) => new LiveFeed(scope, lease, { watch, gate, writer, statistics, clock, log });
  }

  private gate(exchange: string): StreamGate {
    let gate = this.gates.get(exchange);
    if (!gate) this.gates.set(exchange, (gate = new StreamGate(this.clock)));
    return gate;
  }
}
