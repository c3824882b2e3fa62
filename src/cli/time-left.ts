/** Shares of the work below this tell nothing about the rest. */
const MIN_SHARE = 0.005;

/** How long the rest takes if it goes on as before, in milliseconds, or null where that cannot be told yet. */
export function timeLeft(share: number, elapsedMs: number): number | null {
  if (share < MIN_SHARE || elapsedMs < 500) return null;
  return (elapsedMs * (1 - share)) / share;
}

/** `4 s`, `2 min 05 s`, `1 h 02 min`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
