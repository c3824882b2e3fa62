import type { RecordBatch } from 'apache-arrow';
import type { Column } from './columns.js';
import type { Row } from './flat-fill.js';
import { readColumns } from './figure-columns.js';

export const ARROW_TYPE = 'application/vnd.apache.arrow.stream';

type Arrow = typeof import('apache-arrow');
let loading: Promise<Arrow> | undefined;

/** Loaded on first use: it would lengthen every start. */
export function loadArrow(): Promise<Arrow> {
  return (loading ??= import('apache-arrow'));
}

/** What one batch is made of. */
export interface BatchSource {
  /** Candles as CSV without a header. */
  readonly csv: Buffer;
  /** The same as rows, where their flags are wanted. */
  readonly rows?: readonly Row[];
  readonly symbol: string;
}

/** Digits of a 128-bit decimal. */
export const PRECISION = 38;
const FIGURES = ['open', 'high', 'low', 'close', 'volume'];

/** Makes record batches, all of one schema: figures as doubles, or as decimals with so many digits behind the point. */
export class ArrowBatches {
  private readonly schema: InstanceType<Arrow['Schema']>;

  constructor(
    private readonly arrow: Arrow,
    private readonly columns: readonly Column[],
    private readonly scale: 'double' | number,
  ) {
    const { Field, Schema } = arrow;
    this.schema = new Schema(columns.map((column) => new Field(column, this.typeOf(column), false)));
  }

  make({ csv, rows = [], symbol }: BatchSource): RecordBatch {
    const { RecordBatch, Struct, makeData } = this.arrow;
    const { length, openTimes, figures } = readColumns(csv, this.scale);
    const children = this.schema.fields.map(({ name, type }, index) => {
      const column = this.columns[index]!;
      if (column === 'symbol') return this.symbols(symbol, length);
      const data =
        column === 'filled' || column === 'closed'
          ? bits(rows.map((row) => row[column]))
          : column === 'open_time'
            ? openTimes
            : figures[FIGURES.indexOf(name)];
      return makeData({ type, length, nullCount: 0, data } as Parameters<typeof makeData>[0]);
    });
    const type = new Struct(this.schema.fields);
    return new RecordBatch(this.schema, makeData({ type, length, nullCount: 0, children }) as never);
  }

  /** Batches as one IPC stream. */
  write(batches: readonly RecordBatch[]): Buffer {
    return Buffer.from(this.arrow.RecordBatchStreamWriter.writeAll([...batches]).toUint8Array(true));
  }

  private symbols(symbol: string, length: number) {
    const { Utf8, vectorFromArray } = this.arrow;
    return vectorFromArray(Array.from<string>({ length }).fill(symbol), new Utf8()).data[0]!;
  }

  private typeOf(column: Column) {
    const { Bool, Decimal, Float64, TimeUnit, Timestamp, Utf8 } = this.arrow;
    switch (column) {
      case 'open_time':
        return new Timestamp(TimeUnit.MILLISECOND, 'UTC');
      case 'filled':
      case 'closed':
        return new Bool();
      case 'symbol':
        return new Utf8();
      default:
        return this.scale === 'double' ? new Float64() : new Decimal(this.scale, PRECISION, 128);
    }
  }
}

function bits(flags: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, index) => {
    if (flag) bytes[index >> 3]! |= 1 << (index & 7);
  });
  return bytes;
}
