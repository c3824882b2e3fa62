import { stepOpenTime, type Interval } from '../common/interval.js';

/**
 * What is known of a stretch of time of one series.
 *
 * `have`: every candle in it is stored. `missing`: the exchange was asked and did not send them. `empty`: the exchange
 * confirmed that nothing was traded. `unlisted`, `delisted`: before the market existed, after it ended.
 * A stretch without a span has not been asked for yet.
 */
export type CoverageState = 'have' | 'missing' | 'empty' | 'unlisted' | 'delisted';

/** A half-open stretch `[from, to)` of open times, Unix ms, on the interval's grid. */
export interface CoverageSpan {
  readonly from: number;
  readonly to: number;
  readonly state: CoverageState;
}

/** A half-open stretch of open times. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * What an answer says about `[from, to)`, given the ascending open times that it held: `have` where they follow each
 * other, `missing` in between and at both ends.
 */
export function spansOfAnswer(
  interval: Interval,
  { from, to }: Window,
  openTimes: readonly number[],
): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  let start = from;
  let end = from;
  const close = (until: number) => {
    if (end > start) spans.push({ from: start, to: end, state: 'have' });
    if (until > end) spans.push({ from: end, to: until, state: 'missing' });
  };
  for (const openTime of openTimes) {
    if (openTime !== end) {
      close(openTime);
      start = openTime;
    }
    end = stepOpenTime(interval, openTime, 1);
  }
  close(to);
  return spans;
}

/**
 * Lays new knowledge over old: where both speak the new one counts, except that what we have stays had. The result is
 * ascending, without overlaps, and no two neighbours of one state touch.
 */
export function mergeSpans(known: readonly CoverageSpan[], added: readonly CoverageSpan[]): CoverageSpan[] {
  const have = [...known, ...added].filter(({ state }) => state === 'have');
  const rest = [...subtract(known, added), ...added].filter(({ state }) => state !== 'have');
  const spans = [...joinTouching(have), ...subtract(rest, have)];
  return joinTouching(spans);
}

/** The parts of `window` that no span speaks of, ascending. */
export function gapsIn(window: Window, spans: readonly CoverageSpan[]): Window[] {
  return subtract([window], spans);
}

/** The end of the newest `have` span, or null. */
export function endOfHave(spans: readonly CoverageSpan[]): number | null {
  return spans.reduce<number | null>(
    (end, span) => (span.state === 'have' && (end === null || span.to > end) ? span.to : end),
    null,
  );
}

/** `spans` without every moment that one of `removed` covers. */
function subtract<T extends Window>(spans: readonly T[], removed: readonly Window[]): T[] {
  const cuts = removed.toSorted((a, b) => a.from - b.from);
  return [...spans]
    .toSorted((a, b) => a.from - b.from)
    .flatMap((span) => {
      const left: T[] = [];
      let { from } = span;
      for (const cut of cuts) {
        if (cut.to <= from) continue;
        if (cut.from >= span.to) break;
        if (cut.from > from) left.push({ ...span, from, to: cut.from });
        from = Math.max(from, cut.to);
      }
      if (from < span.to) left.push({ ...span, from });
      return left;
    });
}

/** Ascending, with spans of one state that touch or overlap made one. Spans of different states must not overlap. */
function joinTouching(spans: readonly CoverageSpan[]): CoverageSpan[] {
  const joined: CoverageSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && last.state === span.state && last.to >= span.from) {
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, span.to) };
    } else {
      joined.push(span);
    }
  }
  return joined;
}
