const COMMA = 44;
const NEWLINE = 10;
/** The last digits of a time in milliseconds, which seconds lack. */
const MS_DIGITS = 3;
const NAMES = ['t', 'o', 'h', 'l', 'c', 'v'] as const;

/** Bars as the adapter takes them: a column for each figure, ascending. Bytes are copied, no price is parsed. */
export class Bars {
  /** Of each page the six columns, without brackets. */
  private readonly pages: Buffer[][] = [];
  private bars = 0;

  get count(): number {
    return this.bars;
  }

  /** @param csv candles as lines `t,o,h,l,c,v`, newest first, all of them older than those that were added before */
  addOlder(csv: Buffer): void {
    if (csv.length === 0) return;
    const { columns, rows } = toColumns(csv);
    this.pages.unshift(columns);
    this.bars += rows;
  }

  /** `"t":[…],"o":[…],…`. */
  toJson(): Buffer {
    const parts = NAMES.flatMap((name, index) => {
      const inside = this.pages.flatMap((page, at) =>
        at === 0 ? [page[index]!] : [Buffer.from(','), page[index]!],
      );
      return [Buffer.from(`${index === 0 ? '' : ','}"${name}":[`), ...inside, Buffer.from(']')];
    });
    return Buffer.concat(parts);
  }
}

function toColumns(csv: Buffer): { columns: Buffer[]; rows: number } {
  const columns = NAMES.map(() => Buffer.allocUnsafe(csv.length + 1));
  const ends = NAMES.map(() => 0);
  let rows = 0;
  for (let lineEnd = csv.length; lineEnd > 0; rows += 1) {
    const lineStart = csv.lastIndexOf(NEWLINE, lineEnd - 1) + 1;
    let at = lineStart;
    for (let index = 0; index < NAMES.length; index += 1) {
      const column = columns[index]!;
      let end = ends[index]!;
      if (rows > 0) column[end++] = COMMA;
      const start = end;
      for (; at < lineEnd && csv[at] !== COMMA; at += 1) column[end++] = csv[at]!;
      if (index === 0) end = inSeconds(column, start, end);
      ends[index] = end;
      at += 1;
    }
    lineEnd = lineStart - 1;
  }
  return { columns: columns.map((column, index) => column.subarray(0, ends[index])), rows };
}

/** Cuts a time from milliseconds to seconds. @returns its end */
function inSeconds(column: Buffer, start: number, end: number): number {
  if (end - start > MS_DIGITS) return end - MS_DIGITS;
  column[start] = 48; // 0
  return start + 1;
}

/** Unix seconds, of Unix ms. */
export function toSeconds(time: number): number {
  return Math.floor(time / 1000);
}
