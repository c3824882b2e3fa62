import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Candle } from '../candles/candle.js';
import { parseCandleRow } from './candle-row.js';
import { isZip } from './checksum.js';
import { findFault, type RowRules } from './row-check.js';
import { COMMON_LAYOUT, layoutOfHeader, type RowLayout } from './row-layout.js';
import { textLines } from './text-lines.js';
import { zipChunks } from './zip-file.js';

/** A row that is not taken. */
export interface RefusedRow {
  /** Counted from 1, the header included; null where it is not known any more. */
  readonly line: number | null;
  readonly reason: string;
  readonly text: string;
}

/** Some rows of a file, in its order. */
export interface CandleRows {
  readonly candles: readonly Candle[];
  readonly refused: readonly RefusedRow[];
  /** How much of the file has been read, from 0 to 1. */
  readonly done: number;
}

/**
 * The candles of a zip or CSV file, with a header or without one, some hundred rows at a time: memory does not depend on
 * the size of the file.
 *
 * @throws ArchiveError when the file cannot be read to its end
 */
export async function* readCandleFile(path: string, rules: RowRules): AsyncGenerator<CandleRows> {
  let done = 0;
  const noted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of isZip(path) ? zipChunks(path) : plainChunks(path)) {
      ({ done } = chunk);
      yield chunk.bytes;
    }
  };
  let layout: RowLayout | undefined;
  let line = 0;
  for await (const lines of textLines(noted())) {
    const candles: Candle[] = [];
    const refused: RefusedRow[] = [];
    for (const text of lines) {
      line += 1;
      if (text === '') continue;
      if (layout === undefined) {
        const header = layoutOfHeader(text);
        layout = header ?? COMMON_LAYOUT;
        if (header) continue;
      }
      const candle = parseCandleRow(text, layout);
      const fault = typeof candle === 'string' ? candle : findFault(candle, rules);
      if (fault === null) candles.push(candle as Candle);
      else refused.push({ line, reason: fault, text: text.slice(0, 120) });
    }
    yield { candles, refused, done };
  }
}

async function* plainChunks(path: string): AsyncGenerator<{ bytes: Buffer; done: number }> {
  const { size } = await stat(path);
  let read = 0;
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
    read += bytes.length;
    yield { bytes, done: read / Math.max(1, size) };
  }
}
