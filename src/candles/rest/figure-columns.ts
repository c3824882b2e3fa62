/** Doubles are exact for whole numbers up to this, and powers of ten up to 10^22. */
const MAX_MANTISSA = 2 ** 53;
const MAX_POWER = 22;
/** What 128-bit decimals do not hold any more. */
const LIMIT = 10n ** 38n;
const COMMA = 44;
const NEWLINE = 10;
const POINT = 46;
const MINUS = 45;
const ZERO = 48;
const FIGURES = 5;

/** Candles by columns. */
export interface FigureColumns {
  readonly length: number;
  /** Unix ms. */
  readonly openTimes: BigInt64Array;
  /** Open, high, low, close and volume. */
  readonly figures: ReadonlyArray<Float64Array | Uint32Array>;
}

/** What a figure becomes. */
interface Target {
  readonly columns: Array<Float64Array | Uint32Array>;
  put(column: number, row: number, mantissa: number, places: number, text: () => string): void;
}

/**
 * Reads CSV of candles, as `CandleReader` writes it, into columns, digit by digit: no text is made of a figure on the way.
 *
 * @param scale digits behind the point of 128-bit decimals; `double` for the nearest double of each figure
 */
export function readColumns(csv: Buffer, scale: 'double' | number): FigureColumns {
  const length = countLines(csv);
  const openTimes = new BigInt64Array(length);
  const target = scale === 'double' ? doubles(length) : decimals(length, scale);
  let at = 0;
  for (let row = 0; row < length; row += 1) {
    let time = 0;
    for (; csv[at] !== COMMA; at += 1) time = time * 10 + csv[at]! - ZERO;
    openTimes[row] = BigInt(time);
    for (let column = 0; column < FIGURES; column += 1) {
      const start = (at += 1);
      let mantissa = 0;
      let point = -1;
      for (; at < csv.length; at += 1) {
        const byte = csv[at]!;
        if (byte === COMMA || byte === NEWLINE) break;
        if (byte === POINT) point = at;
        else if (byte !== MINUS) mantissa = mantissa * 10 + byte - ZERO;
      }
      const end = at;
      const places = point < 0 ? 0 : end - point - 1;
      target.put(column, row, csv[start] === MINUS ? -mantissa : mantissa, places, () =>
        csv.toString('latin1', start, end),
      );
    }
    at += 1;
  }
  return { length, openTimes, figures: target.columns };
}

function countLines(csv: Buffer): number {
  if (csv.length === 0) return 0;
  let lines = 1;
  for (let at = csv.indexOf(NEWLINE); at >= 0; at = csv.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

function doubles(length: number): Target {
  const columns = Array.from({ length: FIGURES }, () => new Float64Array(length));
  return {
    columns,
    put(column, row, mantissa, places, text) {
      // The quotient of two exact doubles is the nearest double to the true one (IEEE 754).
      const isExact = Math.abs(mantissa) <= MAX_MANTISSA && places <= MAX_POWER;
      columns[column]![row] = isExact ? mantissa / 10 ** places : Number(text());
    },
  };
}

/** Little-endian two's complement in four words each. */
function decimals(length: number, scale: number): Target {
  const columns = Array.from({ length: FIGURES }, () => new Uint32Array(length * 4));
  return {
    columns,
    put(column, row, mantissa, places, text) {
      if (places > scale) throw new RangeError(`a figure has more than ${scale} digits behind its point`);
      const words = columns[column]!;
      const scaled = mantissa * 10 ** (scale - places);
      if (mantissa >= 0 && scaled <= MAX_MANTISSA && mantissa <= MAX_MANTISSA) {
        words[row * 4] = scaled >>> 0;
        words[row * 4 + 1] = Math.floor(scaled / 2 ** 32);
        return;
      }
      let rest = BigInt(text().replace('.', '')) * 10n ** BigInt(scale - places);
      if (rest >= LIMIT || rest <= -LIMIT) throw new RangeError('a figure has more than 38 digits');
      for (let word = 0; word < 4; word += 1, rest >>= 32n)
        words[row * 4 + word] = Number(rest & 0xffff_ffffn);
    },
  };
}
