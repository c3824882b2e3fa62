import {
  attemptsOf,
  endOfHave,
  spansOfAnswer,
  subtract,
  within,
  type CoverageSpan,
  type Window,
} from '../candles/coverage.js';
import type { RejectedCandle } from '../candles/soundness.js';
import { countOpenTimes, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';
import { isDecidedBy, isDue, isHole, isSettled } from './repair-plan.js';

/** An answer to a request for candles, in what matters for the holes in it. */
export interface Answer {
  readonly interval: Grid;
  /** What was asked for. */
  readonly window: Window;
  /** Of the candles that came, ascending, Unix ms. */
  readonly openTimes: readonly number[];
  /** What came and is no candle. */
  readonly rejected?: readonly RejectedCandle[] | undefined;
  /** The most candles that an answer can hold. */
  readonly pageSize: number;
  /** When it came, Unix ms. */
  readonly now: number;
  /** The oldest candle that answers of the same run have held so far; Infinity where there is none. */
  readonly shown: number;
}

/** What an answer says of what was known before. */
export interface Verdicts {
  /** The candles that came, and the holes of which more is known now. Ascending, without overlaps. */
  readonly spans: CoverageSpan[];
  /** Open times that were holes and are none any more. */
  readonly filled: number;
  /** Open times that are known to be empty from now on. */
  readonly confirmed: number;
  /** The candles that we have, in what was asked for, and that did not come. Ascending. */
  readonly lacking: readonly Window[];
}

/**
 * Judges the holes that were asked for again.
 *
 * A hole becomes `empty` when the answer holds candles on both sides of it; or when it was asked for twice before, the
 * last time at least ten minutes ago, and nothing came again when it was asked for from its beginning on, although the
 * exchange serves what is older. It never does behind the newest candle, nor where the answer leaves out a candle that we
 * have: then something else is wrong; nor where the exchange sent something that is no candle. A hole that stays `missing`
 * has been asked for once more, and so has what stays `delisted`. What nobody has asked for yet is left to backfill.
 *
 * @param known ascending
 */
export function judgeHoles(known: readonly CoverageSpan[], answer: Answer): Verdicts {
  const { interval, window, openTimes } = answer;
  const asked = within(known, { from: window.from, to: endOfAnswer(answer) });
  const came = spansOfAnswer(interval, window, openTimes).filter(({ state }) => state === 'have');
  const lacking = subtract(
    asked.filter(({ state }) => state === 'have'),
    came,
  );
  const holes = asked.filter(isHole);
  const left = subtract(holes, came);

  const sides = new Sides(came, lacking);
  const shown = Math.min(answer.shown, openTimes[0] ?? Infinity);
  const tail = Math.max(endOfHave(known) ?? -Infinity, came.at(-1)?.to ?? -Infinity);
  const spoilt = spoiltBy(left, answer);
  const verdicts = subtract(left, spoilt).flatMap((hole) => {
    if (sides.areBoth(hole)) return isSettledNow(hole, answer.now);
    if (isDecidedBy(hole, answer.now) && shown < hole.from) {
      // The answer may have stopped at it: repair asks for it once more, from its beginning on.
      if (hole.from > window.from) return [];
      if (lacking.length === 0 && hole.to <= tail) return isSettledNow(hole, answer.now);
    }
    return wasAskedAgain(hole, answer.now);
  });
  for (const hole of spoilt) verdicts.push(...wasAskedAgain({ ...hole, state: 'missing' }, answer.now));

  const count = (spans: readonly Window[]) =>
    spans.reduce((sum, { from, to }) => sum + countOpenTimes(interval, from, to), 0);
  const confirmed = count(subtract(verdicts.filter(isEmpty), holes.filter(isEmpty)));
  const spans = [...came, ...verdicts].toSorted((a, b) => a.from - b.from);
  return { spans, filled: count(holes) - count(left), confirmed, lacking };
}

/** What becomes of the holes in a window that the exchange refused to be asked for. */
export function askedInVain(known: readonly CoverageSpan[], refused: Window, now: number): CoverageSpan[] {
  return within(known, refused)
    .filter(isHole)
    .flatMap((hole) => wasAskedAgain(hole, now));
}

/** Up to where an answer speaks: to the end of the window, unless the window is longer than a page, or the page is full. */
function endOfAnswer({ interval, window, openTimes, pageSize }: Answer): number {
  const last = openTimes.at(-1);
  const end = last === undefined ? window.from : stepOpenTime(interval, last, 1);
  if (openTimes.length >= pageSize) return end;
  return Math.min(window.to, Math.max(end, stepOpenTime(interval, window.from, pageSize)));
}

/** The parts of holes for which something came that is no candle: all of them, where it cannot be told for which. */
function spoiltBy(
  holes: readonly CoverageSpan[],
  { interval, window, rejected = [] }: Answer,
): CoverageSpan[] {
  const slots = rejected.map(({ openTime }): Window => {
    if (openTime === null || openTime < window.from || openTime >= window.to) return window;
    const from = openTimeAt(interval, openTime);
    return { from, to: stepOpenTime(interval, from, 1) };
  });
  return subtract(holes, subtract(holes, slots));
}

function isSettledNow(hole: CoverageSpan, now: number): CoverageSpan[] {
  if (isSettled(hole)) return wasAskedAgain(hole, now);
  return [{ ...hole, state: 'empty', asked: 1, askedAt: now }];
}

/** One that was not due happened to lie in the window: that does not count. */
function wasAskedAgain(hole: CoverageSpan, now: number): CoverageSpan[] {
  return isDue(hole, now) ? [{ ...hole, asked: attemptsOf(hole).asked + 1, askedAt: now }] : [];
}

function isEmpty({ state }: CoverageSpan): boolean {
  return state === 'empty';
}

/** Tells whether an answer held candles on both sides of a hole, and left out none in between that we have. */
class Sides {
  private next = 0;

  /** @param came ascending, as are the holes that are asked about */
  constructor(
    private readonly came: readonly Window[],
    private readonly lacking: readonly Window[],
  ) {}

  areBoth(hole: Window): boolean {
    while (this.next < this.came.length && this.came[this.next]!.to <= hole.from) this.next += 1;
    const [before, after] = [this.came[this.next - 1], this.came[this.next]];
    if (!before || !after) return false;
    return !this.lacking.some(({ from, to }) => from < after.from && to > before.to);
  }
}
