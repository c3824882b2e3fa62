import { openTimeAt, stepOpenTime } from '../common/interval.js';
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
    const { interval } = scope.series;
    const from = openTimeAt(interval, scope.clock.now());
    const request = { from, to: stepOpenTime(interval, from, 1), signal };
    const { forming } = await scope.fetch(request, { urgent: true });
    this.requested = false;
    if (forming) await ledger.saveForming(forming);
  }

  override interrupt(): Promise<void> {
    return Promise.resolve();
  }
}
