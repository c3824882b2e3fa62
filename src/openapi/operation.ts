import type { z } from 'zod';
import type { Scope } from '../config/api-keys.js';

export type Method = 'get' | 'post' | 'delete';

export type Tag = 'Candles' | 'Series' | 'Stream' | 'Service' | 'TradingView' | 'Binance';

/** What a schema of a request leaves unsaid of one of its members. */
export interface Note {
  readonly description: string;
  /** Shown beside it, unless the example of the operation has a value of its own. */
  readonly examples?: readonly unknown[];
  /** The values that there are, where the schema knows them only as a function. */
  readonly enum?: readonly string[];
}

export type Notes = Readonly<Record<string, Note>>;

/** A part of a request: the schema that checks it, and what is told of its members. */
export interface RequestPart {
  readonly schema: z.ZodType;
  readonly notes: Notes;
}

/** One form that an answer may have. */
export interface Content {
  readonly type: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}

export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly headers?: readonly string[];
  readonly content: readonly Content[];
}

/** In whose words a request is refused. */
export type Dialect = 'problem' | 'udf' | 'binance';

/** One method of one path, as the document tells it. */
export interface Operation {
  readonly method: Method;
  /** With `{name}` for what varies. */
  readonly path: string;
  /** Unique; clients name their functions after it. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** What a key must be allowed to do; null where none is asked for. */
  readonly scope: Scope | null;
  readonly parameters?: RequestPart;
  readonly query?: RequestPart;
  readonly headers?: RequestPart;
  readonly body?: RequestPart & { readonly id: string; readonly required: boolean };
  /** A request that can be sent as it stands to a service that collects `simulator:BTC/USDT@1m`. */
  readonly example?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly answers: readonly Answer[];
  readonly dialect: Dialect;
  /** Refusals, but for those that the scope brings with it. */
  readonly errors: readonly number[];
}
