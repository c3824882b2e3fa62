import type { Interval } from '../../common/interval.js';
import type { Candle } from '../candle.js';

/** `forming`: of the candle that is open; `closed`: one is over; `revised`: one that was over has other figures. */
export type LiveKind = 'forming' | 'closed' | 'revised';
export const LIVE_KINDS: readonly LiveKind[] = ['forming', 'closed', 'revised'];

/** What happens to a candle, as it happens. */
export interface LiveEvent {
  readonly kind: LiveKind;
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  readonly candle: Candle;
  /** Where it stands among all events; of a forming candle, after which others it comes. */
  readonly id: EventId;
}

/** A place among the events: those of one change of the database have its number, and count. */
export interface EventId {
  readonly change: number;
  /** The last of that change's events that came; null when they all did. */
  readonly index: number | null;
}

const ID = /^(\d{1,15})(?:-(\d{1,9}))?$/;

export function formatEventId({ change, index }: EventId): string {
  return index === null ? String(change) : `${change}-${index}`;
}

/** @returns null when it is none of ours */
export function parseEventId(text: string): EventId | null {
  const match = ID.exec(text.trim());
  if (!match) return null;
  return { change: Number(match[1]), index: match[2] === undefined ? null : Number(match[2]) };
}

/** Which events somebody wants. What is not named does not matter; without intervals each series at its own. */
export interface LiveFilter {
  readonly exchange?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly intervals?: readonly Interval[] | undefined;
  readonly kinds?: readonly LiveKind[] | undefined;
}

/** Whether a filter wants something of a market at all. */
export function wantsMarket(filter: LiveFilter, market: { exchange: string; symbol: string }): boolean {
  return (
    (filter.exchange === undefined || filter.exchange === market.exchange) &&
    (filter.symbols === undefined || filter.symbols.includes(market.symbol))
  );
}

/** @param own the interval at which the series that it comes from is collected */
export function wantsEvent(filter: LiveFilter, event: LiveEvent, own: Interval): boolean {
  return (
    wantsMarket(filter, event) &&
    (filter.kinds === undefined || filter.kinds.includes(event.kind)) &&
    (filter.intervals === undefined ? event.interval === own : filter.intervals.includes(event.interval))
  );
}

/** Who listens. */
export interface LiveListener {
  readonly filter: LiveFilter;
  /** Called with events in their order. */
  event(event: LiveEvent): void;
  /** Events may be missing between those before and those to come: there were more than are still known of. */
  gap(): void;
  /** There will be no more. */
  end(reason: string): void;
}
