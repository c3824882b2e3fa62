import type { Clock } from '../common/clock.js';
import { formatSpan, timeLeft } from './time-left.js';

const REDRAW_MS = 100;
/** Where there is no terminal, a line now and then tells that it goes on. */
const LINE_EVERY_MS = 10_000;
const WIDTH = 24;

/** What of a terminal's or a file's stream is used. */
export type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/**
 * How far work has come and how long it will take: a bar on a terminal, elsewhere a line every ten seconds. Thirty lines
 * of our own: the library for it has not changed in years, and brings five more.
 */
export class ProgressBar {
  private readonly started: number;
  private drawnAt: number;
  private drawn = false;

  constructor(
    private readonly output: Output,
    private readonly clock: Clock,
  ) {
    this.started = clock.monotonic();
    this.drawnAt = output.isTTY ? -Infinity : this.started;
  }

  /** @param share of the work, from 0 to 1 */
  show(share: number, label: string): void {
    const now = this.clock.monotonic();
    if (now - this.drawnAt < (this.output.isTTY ? REDRAW_MS : LINE_EVERY_MS)) return;
    this.drawnAt = now;
    const left = timeLeft(share, now - this.started);
    const text = `${String(Math.floor(share * 100)).padStart(3)} %  ${left === null ? '' : `${formatSpan(left)} left  `}${label}`;
    if (!this.output.isTTY) {
      this.output.write(`${text}\n`);
      return;
    }
    const full = Math.round(share * WIDTH);
    const line = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${text}`;
    this.output.write(`\r\u001B[K${line.slice(0, Math.max(20, this.output.columns - 1))}`);
    this.drawn = true;
  }

  /** Takes the bar away, so that a line may be written. */
  clear(): void {
    if (this.drawn) this.output.write('\r\u001B[K');
    this.drawn = false;
    if (this.output.isTTY) this.drawnAt = -Infinity;
  }
}
