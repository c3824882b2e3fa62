import { openTimeAt } from '../../common/interval.js';
import { formatTime } from '../../common/time.js';
import type { CandleSource } from '../../candles/series.js';
import { toSeconds } from './bars.js';
import { MAX_MARKS, type FormerCandle, type MarkedSpan } from './mark-reader.js';

/** A mark on a bar. Times are Unix seconds. */
export interface Mark {
  readonly id: string;
  readonly time: number;
  readonly color: string;
  readonly text: string;
  readonly label: string;
  readonly labelFontColor: string;
  readonly minSize: number;
}

/** A mark below the chart, on the scale of time. */
export interface TimescaleMark {
  readonly id: string;
  readonly time: number;
  readonly color: string;
  readonly label: string;
  readonly tooltip: readonly string[];
}

/** What is known of a window. */
export interface Remarkable {
  readonly holes: readonly MarkedSpan[];
  readonly delisted: readonly MarkedSpan[];
  readonly listing: number | null;
  /** The open time of the oldest candle. */
  readonly first: number | null;
}

type Rollup = CandleSource['rollup'];

/** Holes and revisions, ascending; of more than a chart is told of, the newest. */
export function marksOf(
  rollup: Rollup,
  holes: readonly MarkedSpan[],
  revisions: readonly FormerCandle[],
): Mark[] {
  const look = { labelFontColor: 'white', minSize: 14 };
  const marks = [
    ...holes.map(({ from, to }) => ({
      ...look,
      id: `missing-${from}`,
      time: timeOf(rollup, from),
      color: 'red',
      text: missing(from, to),
      label: 'M',
    })),
    ...revisions.map((former) => ({
      ...look,
      id: `revision-${former.openTime}-${former.revisedAt}`,
      time: timeOf(rollup, former.openTime),
      color: 'blue',
      text: revised(former),
      label: 'R',
    })),
  ];
  return marks.toSorted((a, b) => a.time - b.time).slice(-MAX_MARKS);
}

/** Beginning and end of the history, and its holes, ascending. */
export function timescaleMarksOf(
  rollup: Rollup,
  { holes, delisted, listing, first }: Remarkable,
): TimescaleMark[] {
  const mark = (id: string, at: number, color: string, label: string, ...tooltip: string[]) => ({
    id: `${id}-${at}`,
    time: timeOf(rollup, at),
    color,
    label,
    tooltip,
  });
  const marks = [
    ...holes.map(({ from, to }) => mark('missing', from, 'red', 'M', missing(from, to))),
    ...(listing === null ? [] : [mark('listed', listing, 'green', 'L', `listed ${formatTime(listing)}`)]),
    ...(first === null || first === listing
      ? []
      : [mark('first', first, 'green', 'B', `the history that is kept begins ${formatTime(first)}`)]),
    ...delisted.map(({ from }) => mark('delisted', from, 'gray', 'D', `delisted ${formatTime(from)}`)),
  ];
  return marks.toSorted((a, b) => a.time - b.time).slice(-MAX_MARKS);
}

/** Charts put marks on bars: where bars are longer than the candles that are kept, on the one that holds it. */
function timeOf(rollup: Rollup, time: number): number {
  return toSeconds(rollup === null ? time : openTimeAt(rollup, time));
}

function missing(from: number, to: number): string {
  return `the exchange did not send what opens from ${formatTime(from)} to before ${formatTime(to)}`;
}

function revised({ openTime, revisedAt, open, high, low, close, volume }: FormerCandle): string {
  const figures = `open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`;
  return `${formatTime(openTime)} was changed at ${formatTime(revisedAt)}; before: ${figures}`;
}
