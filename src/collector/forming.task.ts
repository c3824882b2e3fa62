import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import { SeriesTask } from './series-task.js';

/** Refreshes the candle that is still open. */
export class FormingTask extends SeriesTask {
  private requested = false;

  request(): void {
    this.requested = true;
  }

  protected override get wanted(): boolean {
    return this.requested;
  }

  protected override noteError(): void {
    this.requested = false; // the next tick asks again
  }

  protected override async step(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const grid = gridOf(scope.series);
    const from = openTimeAt(grid, scope.clock.now());
    const request = { from, to: stepOpenTime(grid, from, 1), signal };
    const page = await ledger.fetch(request, { urgent: true });
    if (!page) return;
    this.requested = false;
    const { forming, rejected = [] } = page;
    if (rejected.length > 0) await ledger.commit([], [], { lane: 'live' }, rejected);
    if (forming) await scope.store.saveForming(ledger.lease, scope.series, forming);
  }

  override interrupt(): Promise<void> {
    return Promise.resolve();
  }
}
