import type { Random } from '../support/fault/random.js';

export interface ReadFigures {
  readonly served: number;
  readonly failed: readonly string[];
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const DAY = 86_400_000;
/** A client that asks without end, but leaves the machine to others as well. */
const PAUSE_MS = 10;

/** Clients that read candles and series all the time, from their start to their end. */
export class ContinualReads {
  private readonly times: number[] = [];
  private readonly failed: string[] = [];
  private readonly clients: Promise<void>[];
  private readonly stop = new AbortController();

  constructor(
    private readonly url: string,
    private readonly symbols: readonly string[],
    private readonly random: Random,
    clients = 2,
  ) {
    this.clients = Array.from({ length: clients }, () => this.read());
  }

  async end(): Promise<ReadFigures> {
    this.stop.abort();
    await Promise.all(this.clients);
    const times = this.times.toSorted((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
    return { served: times.length, failed: this.failed, p50: at(0.5), p99: at(0.99), max: at(1) };
  }

  private async read(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const started = performance.now();
      const path = this.path();
      try {
        const response = await fetch(this.url + path, { signal: AbortSignal.timeout(30_000) });
        await response.text();
        if (response.status === 200) this.times.push(performance.now() - started);
        else this.failed.push(`${response.status} ${path}`);
      } catch (error) {
        this.failed.push(`${String(error)} ${path}`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private path(): string {
    if (this.random.chance(0.1)) return '/api/v1/series';
    const symbol = this.random.pick(this.symbols);
    const from = Date.now() - this.random.between(1, 60) * DAY;
    return `/api/v1/candles?exchange=simulator&symbol=${symbol}&interval=1m&limit=1000&from=${from}`;
  }
}
