import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer, type WebSocket } from 'ws';
import { LiveEvents } from '../../../candles/live/live-events.js';
import { Clock } from '../../../common/clock.js';
import { Log } from '../../../logging/log.js';
import { StreamPlaces } from '../../stream/stream-places.js';
import { ListedMarkets } from '../listed-markets.js';
import { BinanceRefusal } from '../refusal.js';
import { CLOSE, KlineConnection } from './kline-connection.js';
import { UpgradeGate } from './upgrade-gate.js';

/** `/binance/ws[/<stream>…]` or `/binance/stream?streams=<stream>/…`, with the exchange between where one is named. */
const PATH = /^\/binance(?:\/([^/]+))?\/(?:(ws)((?:\/[^/]+)*)|(stream))\/?$/;
/** What a client may send at once, in bytes: the names of as many streams as one connection may have. */
const MAX_MESSAGE = 64 * 1024;
/** Whoever does not answer a ping before the next is gone, in milliseconds. */
const PING_MS = 20_000;

/** Binance's websocket streams of klines. */
@Injectable()
export class KlineStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
  });
  private readonly silent = new WeakSet<WebSocket>();
  private stopPings: () => void = () => undefined;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(UpgradeGate) private readonly gate: UpgradeGate,
    @Inject(LiveEvents) private readonly live: LiveEvents,
    @Inject(ListedMarkets) private readonly markets: ListedMarkets,
    @Inject(StreamPlaces) private readonly places: StreamPlaces,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    this.stopPings = this.clock.every(PING_MS, () => this.ping());
  }

  beforeApplicationShutdown(): void {
    this.stopPings();
    for (const client of this.server.clients) client.close(CLOSE.goingAway, 'the service is stopping');
    this.clock.after(1000, () => {
      for (const client of this.server.clients) client.terminate();
    });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, exchange, raw, path = ''] = PATH.exec(url.pathname) ?? [];
    if (!this.gate.admits(request, socket, PATH.test(url.pathname))) return;
    const names = raw ? path.split('/') : (url.searchParams.get('streams') ?? '').split('/');
    this.server.handleUpgrade(request, socket, head, (client) => {
      const wanted = names.filter((name) => name !== '').map(decode);
      void this.serve(client, exchange, wanted, raw === undefined);
    });
  }

  private async serve(
    client: WebSocket,
    exchange: string | undefined,
    names: readonly string[],
    combined: boolean,
  ): Promise<void> {
    const find = (id: string) => this.markets.find(exchange, id).catch(orNone);
    const connection = new KlineConnection(client, combined, find, this.clock);
    let [leave, end] = [nothing, nothing];
    client.on('error', () => client.terminate());
    client.on('close', () => {
      end();
      leave();
    });
    client.on('pong', () => this.silent.delete(client));
    // One after the other: an answer says what holds from then on.
    let turn: Promise<void> = Promise.resolve();
    const inTurn = (work: () => Promise<void>) => {
      turn = turn.then(work).catch((error: unknown) => {
        this.log.warn('stream.client.failed', { error });
        client.close(CLOSE.tryAgain, 'it cannot be served now');
      });
    };
    client.on('message', (data: Buffer, isBinary) => {
      if (isBinary) client.close(CLOSE.policy, 'text is expected');
      else inTurn(() => connection.answer(data.toString('utf8')));
    });
    inTurn(async () => {
      leave = this.places.enter();
      await connection.add(names);
      end = await this.live.subscribe(connection);
      if (client.readyState !== client.OPEN) {
        end();
        leave();
      }
    });
    await turn;
  }

  private ping(): void {
    for (const client of this.server.clients) {
      if (this.silent.has(client)) {
        client.terminate();
        continue;
      }
      this.silent.add(client);
      client.ping();
    }
  }
}

/** Names of what is not kept are passed over. */
function orNone(error: unknown): undefined {
  if (!(error instanceof BinanceRefusal)) throw error;
}

function nothing(): void {
  // there is nothing to be given back yet
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
