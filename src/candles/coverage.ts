import { stepOpenTime, type Grid } from '../common/interval.js';

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
  /**
   * Of `missing`: how often it was asked for without candles coming. Of `empty` and `unlisted`: 1 when that was found, and
   * one more each time that it has been looked at again; of `delisted` the same from 0 on, once the market is back. 1 unless
   * given, or 0 where it is delisted.
   */
  readonly asked?: number;
  /** When it was asked for last, Unix ms, if it is not had. 0 unless given: long ago. */
  readonly askedAt?: number;
}

/** A half-open stretch of open times. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * What an answer says about `[from, to)`, given the ascending open times that it held: `have` where they follow each
 * other, `missing` in between and at both ends.
 *
 * @param askedAt when the answer came, Unix ms
 */
export function spansOfAnswer(
  grid: Grid,
  { from, to }: Window,
  openTimes: readonly number[],
  askedAt?: number,
): CoverageSpan[] {
  const missing = { state: 'missing', ...(askedAt !== undefined && { asked: 1, askedAt }) } as const;
  const spans: CoverageSpan[] = [];
  let start = from;
  let end = from;
  const close = (until: number) => {
    if (end > start) spans.push({ from: start, to: end, state: 'have' });
    if (until > end) spans.push({ from: end, to: until, ...missing });
  };
  for (const openTime of openTimes) {
    if (openTime !== end) {
      close(openTime);
      start = openTime;
    }
    end = stepOpenTime(grid, openTime, 1);
  }
  close(to);
  return spans;
}

/**
 * Lays new knowledge over old: where both speak the new one counts, except that what we have stays had. The result is
 * ascending, without overlaps, and no two neighbours that say the same touch.
 *
 * @param known ascending, without overlaps: such a result
 * @param added in any order, without overlaps
 */
export function mergeSpans(known: readonly CoverageSpan[], added: readonly CoverageSpan[]): CoverageSpan[] {
  if (added.length === 0) return [...known];
  const from = added.reduce((least, span) => Math.min(least, span.from), Infinity);
  const to = added.reduce((most, span) => Math.max(most, span.to), -Infinity);
  // Spans are as many as there are holes, and an answer touches few of them: the others are taken over as they are.
  const first = indexWhere(known, (span) => span.to >= from);
  const end = indexWhere(known, (span) => span.from > to);
  return [...known.slice(0, first), ...lay(known.slice(first, end), added), ...known.slice(end)];
}

function lay(known: readonly CoverageSpan[], added: readonly CoverageSpan[]): CoverageSpan[] {
  const have = joinTouching([...known, ...added].filter(({ state }) => state === 'have'));
  const rest = [...subtract(known, added), ...added].filter(({ state }) => state !== 'have');
  return joinTouching([...have, ...subtract(rest, have)]);
}

/** Of a span that we lack candles of: how often it was asked for, and when last. */
export function attemptsOf({ state, asked, askedAt = 0 }: CoverageSpan): { asked: number; askedAt: number } {
  return { asked: asked ?? (state === 'delisted' ? 0 : 1), askedAt };
}

/** The parts of `window` that no span speaks of, ascending. */
export function gapsIn(window: Window, spans: readonly CoverageSpan[]): Window[] {
  return subtract([window], spans);
}

/** Of what an answer says only what is new: a hole that is known keeps what is known of it. */
export function newIn(spans: readonly CoverageSpan[], known: readonly CoverageSpan[]): CoverageSpan[] {
  const near = within(known, { from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 });
  return spans.flatMap((span) => (span.state === 'have' ? [span] : subtract([span], near)));
}

/** What ascending spans say of `window`: those that overlap it, cut at its ends. */
export function within<T extends Window>(spans: readonly T[], { from, to }: Window): T[] {
  if (from >= to) return [];
  const first = indexWhere(spans, (span) => span.to > from);
  const end = indexWhere(spans, (span) => span.from >= to);
  return spans
    .slice(first, end)
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }));
}

/** The end of the newest `have` span, or null. */
export function endOfHave(spans: readonly CoverageSpan[]): number | null {
  return spans.reduce<number | null>(
    (end, span) => (span.state === 'have' && (end === null || span.to > end) ? span.to : end),
    null,
  );
}

/** `spans` without every moment that one of `removed` covers, ascending. */
export function subtract<T extends Window>(spans: readonly T[], removed: readonly Window[]): T[] {
  const cuts = removed.toSorted((a, b) => a.from - b.from);
  let passed = 0;
  return [...spans]
    .toSorted((a, b) => a.from - b.from)
    .flatMap((span) => {
      while (passed < cuts.length && cuts[passed]!.to <= span.from) passed += 1;
      const left: T[] = [];
      let { from } = span;
      for (let index = passed; index < cuts.length && cuts[index]!.from < span.to; index += 1) {
        const cut = cuts[index]!;
        if (cut.from > from) left.push({ ...span, from, to: cut.from });
        from = Math.max(from, cut.to);
      }
      if (from < span.to) left.push({ ...span, from });
      return left;
    });
}

/** Index of the first span that `holds`, which all after it do too; the length where none does. */
export function indexWhere<T>(spans: readonly T[], holds: (span: T) => boolean): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(spans[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Ascending, with spans that touch and say the same made one. Spans that do not say the same must not overlap. */
function joinTouching(spans: readonly CoverageSpan[]): CoverageSpan[] {
  const joined: CoverageSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && last.to >= span.from && saySame(last, span)) {
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, span.to), ...laterOf(last, span) };
    } else {
      joined.push(span);
    }
  }
  return joined;
}

/** Of what was asked equally often the time may differ, or the number of spans would grow with that of requests. */
function saySame(a: CoverageSpan, b: CoverageSpan): boolean {
  return a.state === b.state && attemptsOf(a).asked === attemptsOf(b).asked;
}

function laterOf(a: CoverageSpan, b: CoverageSpan): { askedAt?: number } {
  if (a.askedAt === undefined && b.askedAt === undefined) return {};
  return { askedAt: Math.max(attemptsOf(a).askedAt, attemptsOf(b).askedAt) };
}
