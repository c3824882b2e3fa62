const FIGURES = ['t', 'o', 'h', 'l', 'c', 'v'] as const;

/** Each column as the inside of a JSON array. */
export type BarColumns = Record<(typeof FIGURES)[number], string>;

/** Bars as the adapter takes them: a column for each figure, ascending. Only text is put together, no price is parsed. */
export class Bars {
  private readonly pages: BarColumns[] = [];
  private bars = 0;

  get count(): number {
    return this.bars;
  }

  /** @param text candles as lines `t,o,h,l,c,v`, newest first, all of them older than those that were added before */
  addOlder(text: Buffer): void {
    if (text.length === 0) return;
    const rows = text
      .toString('latin1')
      .split('\n')
      .toReversed()
      .map((line) => line.split(','));
    const column = (index: number) => rows.map((row) => row[index]).join(',');
    const t = rows.map((row) => toSeconds(Number(row[0]))).join(',');
    this.pages.unshift({ t, o: column(1), h: column(2), l: column(3), c: column(4), v: column(5) });
    this.bars += rows.length;
  }

  columns(): BarColumns {
    const whole = FIGURES.map((figure) => [figure, this.pages.map((page) => page[figure]).join(',')]);
    return Object.fromEntries(whole) as BarColumns;
  }
}

/** Unix seconds, of Unix ms. */
export function toSeconds(time: number): number {
  return Math.floor(time / 1000);
}
