import type { Candle } from './candle.js';
import type { CandleBatch } from './candle-store.js';
import type { CoverageSpan } from './coverage.js';

/** How long a transaction may hold the writer, in milliseconds. */
const TARGET_MS = 20;
const MIN_ROWS = 500;
const MAX_ROWS = 8000;
/** The weight of the newest measurement. */
const SMOOTHING = 0.2;

/** Learns how many candles fit into a transaction of about 20 ms on this machine. */
export class BatchSize {
  private msPerRow = TARGET_MS / 4000;

  get rows(): number {
    return Math.round(Math.min(MAX_ROWS, Math.max(MIN_ROWS, TARGET_MS / this.msPerRow)));
  }

  /** A transaction with so many rows took so long. Small ones tell nothing: their time is not the rows'. */
  measured(rows: number, ms: number): void {
    if (rows >= MIN_ROWS) this.msPerRow += SMOOTHING * (ms / rows - this.msPerRow);
  }
}

/** Cuts a batch into parts of at most `rows` candles, each with the part of the coverage that it bears out. */
export function splitBatch(batch: CandleBatch, rows: number): CandleBatch[] {
  if (batch.candles.length <= rows) return [batch];
  const candles = batch.candles.toSorted((a, b) => a.openTime - b.openTime);
  const parts: CandleBatch[] = [];
  let from = -Infinity;
  for (let start = 0; start < candles.length; start += rows) {
    const next: Candle | undefined = candles[start + rows];
    const to = next?.openTime ?? Infinity;
    const rejected = start === 0 ? (batch.rejected ?? []) : [];
    const spans = clip(batch.spans, from, to);
    parts.push({ ...batch, candles: candles.slice(start, start + rows), spans, rejected });
    from = to;
  }
  return parts;
}

function clip(spans: readonly CoverageSpan[], from: number, to: number): CoverageSpan[] {
  return spans
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from < span.to);
}
