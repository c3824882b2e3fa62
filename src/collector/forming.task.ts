import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import { SeriesTask } from './series-task.js';

/** Refreshes the candle that is still open, where the exchange does not push it. */
export class FormingTask extends SeriesTask {
  private requested = false;

  request(): void {
    this.requested = true;
  }

  protected override get wanted(): boolean {
    return this.requested;
  }

  /** Not while the exchange pushes it. */
  override readyIn(now: number): number {
    return Math.max(super.readyIn(now), this.ledger.live?.freshForMs ?? 0);
  }

  protected override noteError(): void {
    this.requested = false; // the next tick asks again
  }

  protected override async step(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const grid = gridOf(scope.series);
    const from = openTimeAt(grid, scope.clock.now());
    const request = { from, to: stepOpenTime(grid, from, 1), signal };
    // Before the answer: a tick that falls while it is under way asks again, or what it brings would be two ticks old.
    this.requested = false;
    const page = await ledger.fetch(request, { urgent: true });
    if (!page) return this.request();
    const { forming, rejected = [] } = page;
    if (rejected.length > 0) await ledger.commit([], [], { lane: 'live' }, rejected);
    if (forming) await ledger.saveForming(forming);
  }

  override interrupt(): Promise<void> {
    return Promise.resolve();
  }
}
