/** Whether the process is on its way out. Readiness says so before anything is shut. */
export class Lifecycle {
  private readonly controller = new AbortController();

  /** Aborts when the process begins to stop. */
  get stopping(): AbortSignal {
    return this.controller.signal;
  }

  get isStopping(): boolean {
    return this.stopping.aborted;
  }

  beginStop(): void {
    this.controller.abort(new Error('the process is stopping'));
  }
}
