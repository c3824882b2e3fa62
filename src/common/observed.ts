/** Something that tells those who want to know what happens to it, as it happens. */
export abstract class Observed<Event> {
  private readonly listeners = new Set<(event: Event) => void>();

  /** Calls `listener` with every event from now on, until the returned function is called. */
  observe(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  protected tell(event: Event): void {
    for (const listener of this.listeners) listener(event);
  }
}
