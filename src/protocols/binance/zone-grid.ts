import { isMadeOf, LONGEST, minutesOf } from '../../candles/rollup.js';
import { gridOf, INTERVALS, isOnGrid, openTimeAt, type Grid, type Interval } from '../../common/interval.js';

const MINUTE = 60_000;

/** Open times in a zone that is `ahead` milliseconds ahead of UTC: days begin at its midnight. */
export function zoneGrid(interval: Interval, ahead: number): Grid {
  return gridOf({ interval, anchor: -ahead });
}

/** Whether the candles of a zone are others than those of UTC. */
export function isShifted(interval: Interval, ahead: number): boolean {
  return ahead !== 0 && !isOnGrid(interval, openTimeAt(zoneGrid(interval, ahead), 0));
}

/** Of which intervals the candles of a zone can be put together, longest first. */
export function partsOfZone(interval: Interval, ahead: number, kept: readonly Interval[]): Interval[] {
  return INTERVALS.toReversed().filter(
    (part) =>
      kept.includes(part) && isMadeOf(interval, part) && ahead % (minutesOf(part, LONGEST) * MINUTE) === 0,
  );
}
