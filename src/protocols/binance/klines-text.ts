import { anchorOf, gridOf, stepOpenTime, type Interval } from '../../common/interval.js';

const COMMA = 44;
const NEWLINE = 10;
/** What stands behind the volume and the time of the close: what is not kept is zero. */
const REST = ',"0",0,"0","0","0"]';
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
  const lines = 1 + count(csv, NEWLINE);
  const out = Buffer.allocUnsafe(csv.length + lines * EXTRA);
  const closeTimeOf = closeTimes(interval);
  let end = out.write('[', 0, 'latin1');
  for (let at = 0; at < csv.length; at += 1) {
    end += out.write(at === 0 ? '[' : ',[', end, 'latin1');
    let openTime = 0;
    for (; csv[at] !== COMMA; at += 1) {
      openTime = openTime * 10 + csv[at]! - 48;
      out[end++] = csv[at]!;
    }
    end += out.write(',"', end, 'latin1');
    for (at += 1; at < csv.length && csv[at] !== NEWLINE; at += 1) {
      if (csv[at] === COMMA) end += out.write('","', end, 'latin1');
      else out[end++] = csv[at]!;
    }
    end += out.write(`",${closeTimeOf(openTime)}${REST}`, end, 'latin1');
  }
  end += out.write(']', end, 'latin1');
  return out.subarray(0, end);
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
