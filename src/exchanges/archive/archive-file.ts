import { open, rm } from 'node:fs/promises';
import { readCandleFile } from '../../archives/candle-file.js';
import { ArchiveError } from '../../archives/archive-error.js';
import type { RowRules } from '../../archives/row-check.js';
import type { Candle } from '../../candles/candle.js';
import type { RejectedCandle } from '../../candles/soundness.js';
import { nextTurn } from '../../common/turns.js';

/** Pages of a file between two that are compared with the API; the first one always is. */
const PAGES_PER_CHECK = 50;
const PAGES_BEFORE_RETRY = 5;
/** Rows that are remembered of those that are no candles: as many as are kept of a series in quarantine. */
const MAX_REJECTED = 1000;

/** Where in the file rows from a time on begin. */
interface Mark {
  readonly openTime: number;
  readonly offset: number;
}

/** The candles of one file of the archive on the local disk, read window by window. */
export class ArchiveFile {
  private pages = 0;
  private checkAt = 0;

  private constructor(
    readonly name: string,
    readonly path: string,
    /** Bytes. */
    readonly size: number,
    /** The open times that its name promises, Unix ms, half open. */
    readonly window: { readonly from: number; readonly to: number },
    private readonly marks: readonly Mark[],
    private readonly rejected: readonly RejectedCandle[],
  ) {}

  /**
   * Writes the candles of an archive's zip to `path`, one per line, in canonical form. Rows that are no candles leave
   * holes, for which the exchange is asked, and are remembered.
   *
   * @throws ArchiveError
   */
  static async extract(
    zip: string,
    {
      name,
      path,
      rules,
      signal,
    }: {
      readonly name: string;
      readonly path: string;
      readonly rules: RowRules & { readonly window: { readonly from: number; readonly to: number } };
      readonly signal: AbortSignal;
    },
  ): Promise<ArchiveFile> {
    const marks: Mark[] = [];
    const rejected: RejectedCandle[] = [];
    let [offset, last] = [0, -Infinity];
    const file = await open(path, 'w');
    try {
      for await (const { candles, refused } of readCandleFile(zip, rules)) {
        await nextTurn();
        signal.throwIfAborted();
        rejected.push(...refused.slice(0, MAX_REJECTED - rejected.length).map(toRejected));
        const [first] = candles;
        if (!first) continue;
        marks.push({ openTime: first.candle.openTime, offset });
        for (const { candle } of candles) {
          if (candle.openTime <= last) {
            throw new ArchiveError('ARCHIVE_UNREADABLE', 'its rows are not in order');
          }
          last = candle.openTime;
        }
        const { bytesWritten } = await file.write(candles.map(({ candle }) => toLine(candle)).join(''));
        offset += bytesWritten;
      }
      return new ArchiveFile(name, path, offset, rules.window, marks, rejected);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Those of its candles that open in `[from, to)`, ascending. */
  async read(from: number, to: number): Promise<Candle[]> {
    this.pages += 1;
    const start = this.marks.findLast(({ openTime }) => openTime <= from)?.offset ?? 0;
    const end = this.marks.find(({ openTime }) => openTime >= to)?.offset ?? this.size;
    const file = await open(this.path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
      return buffer
        .toString('latin1', 0, bytesRead)
        .split('\n')
        .filter((line) => line !== '')
        .map(fromLine)
        .filter(({ openTime }) => openTime >= from && openTime < to);
    } finally {
      await file.close();
    }
  }

  /** Its rows in `[from, to)` that are no candles. Those whose place is not known belong to its oldest page. */
  rejectedIn(from: number, to: number): RejectedCandle[] {
    const { window } = this;
    return this.rejected.filter(({ openTime }) =>
      openTime === null || openTime < window.from || openTime >= window.to
        ? from <= window.from
        : openTime >= from && openTime < to,
    );
  }

  /** Whether the page that was read last is to be compared with the API. */
  get isCheckDue(): boolean {
    return this.pages > this.checkAt;
  }

  checked(): void {
    this.checkAt = this.pages + PAGES_PER_CHECK - 1;
  }

  /** The API could not be asked. */
  postponeCheck(): void {
    this.checkAt = this.pages + PAGES_BEFORE_RETRY - 1;
  }
}

function toLine({ openTime, open, high, low, close, volume }: Candle): string {
  return `${openTime},${open},${high},${low},${close},${volume}\n`;
}

function toRejected({ openTime, reason, payload }: RejectedCandle): RejectedCandle {
  return { openTime, reason, payload };
}

function fromLine(line: string): Candle {
  const [openTime, open, high, low, close, volume] = line.split(',') as [string, ...string[]];
  return { openTime: Number(openTime), open: open!, high: high!, low: low!, close: close!, volume: volume! };
}
