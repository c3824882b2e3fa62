import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Candle } from '../candles/candle.js';
import { payloadText, type RejectedCandle } from '../candles/soundness.js';
import { parseCandleRow } from './candle-row.js';
import { isZip } from './checksum.js';
import { rowFault, type RowRules } from './row-check.js';
import { COMMON_LAYOUT, layoutOfHeader, type RowLayout } from './row-layout.js';
import { textLines } from './text-lines.js';
import { zipChunks } from './zip-file.js';

/** A row that is not taken. */
export interface RefusedRow extends RejectedCandle {
  /** Counted from 1, the header included. */
  readonly line: number;
}

/** A candle, and where it stands. */
export interface CandleLine {
  readonly candle: Candle;
  /** Counted from 1, the header included. */
  readonly line: number;
  readonly text: string;
}

/** Some rows of a file, in its order. */
export interface CandleRows {
  readonly candles: readonly CandleLine[];
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
    const candles: CandleLine[] = [];
    const refused: RefusedRow[] = [];
    for (const text of lines) {
      line += 1;
      if (text === '') continue;
      if (layout === undefined) {
        const header = layoutOfHeader(text);
        layout = header ?? COMMON_LAYOUT;
        if (header) continue;
      }
      const row = parseCandleRow(text, layout);
      const fault = 'fault' in row ? row.fault : rowFault(row, rules);
      if (fault === null) candles.push({ candle: row as Candle, line, text });
      else refused.push({ line, openTime: row.openTime, reason: fault, payload: payloadText(text) });
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
