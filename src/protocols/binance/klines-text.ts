import { anchorOf, gridOf, stepOpenTime, type Interval } from '../../common/interval.js';

const COMMA = 44;
const NEWLINE = 10;
const QUOTE = 34;
const OPEN = 91;
const CLOSE = 93;
/** What stands behind the time of the close: what is not kept is zero. */
const REST = Buffer.from(',"0",0,"0","0","0"]');
/** More than a row is longer than its line: quotation marks, brackets, the time of the close, and zeros. */
const EXTRA = 80;

/**
 * Klines as JSON, of candles as lines `t,o,h,l,c,v`. The same as `toKline` gives of each; bytes are copied, no price is
 * parsed.
 *
 * @param csv in the order of the klines
 */
export function klinesText(csv: Buffer, interval: Interval): Buffer {
  if (csv.length === 0) return Buffer.from('[]');
  const out = Buffer.allocUnsafe(csv.length + (1 + count(csv, NEWLINE)) * EXTRA);
  const closeTimeOf = closeTimes(interval);
  let end = 0;
  out[end++] = OPEN;
  for (let at = 0; at < csv.length; at += 1) {
    if (at > 0) out[end++] = COMMA;
    out[end++] = OPEN;
    let openTime = 0;
    for (; csv[at] !== COMMA; at += 1) {
      openTime = openTime * 10 + csv[at]! - 48;
      out[end++] = csv[at]!;
    }
    out[end++] = COMMA;
    out[end++] = QUOTE;
    for (at += 1; at < csv.length && csv[at] !== NEWLINE; at += 1) {
      if (csv[at] === COMMA) {
        out[end++] = QUOTE;
        out[end++] = COMMA;
        out[end++] = QUOTE;
      } else out[end++] = csv[at]!;
    }
    out[end++] = QUOTE;
    out[end++] = COMMA;
    end = writeNumber(out, end, closeTimeOf(openTime));
    for (let index = 0; index < REST.length; index += 1) out[end++] = REST[index]!;
  }
  out[end++] = CLOSE;
  return out.subarray(0, end);
}

/** Writes a whole number, not negative. @returns where it ends */
function writeNumber(out: Buffer, start: number, value: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits += 1;
  const end = start + digits;
  let rest = value;
  for (let at = end - 1; at >= start; at -= 1) {
    const shorter = Math.floor(rest / 10);
    out[at] = 48 + rest - shorter * 10;
    rest = shorter;
  }
  return end;
}

function count(csv: Buffer, byte: number): number {
  let found = 0;
  for (let at = csv.indexOf(byte); at >= 0; at = csv.indexOf(byte, at + 1)) found += 1;
  return found;
}

/** Months alone differ in length. */
function closeTimes(interval: Interval): (openTime: number) => number {
  if (interval !== '1M') {
    const length = stepOpenTime(interval, 0, 1);
    return (openTime) => openTime + length - 1;
  }
  return (openTime) =>
    stepOpenTime(gridOf({ interval, anchor: anchorOf(interval, openTime) }), openTime, 1) - 1;
}
