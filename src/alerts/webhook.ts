import { backoffMs } from '../common/backoff.js';
import type { Clock } from '../common/clock.js';
import { errorMessage } from '../common/errors.js';
import type { Log } from '../logging/log.js';

const ATTEMPTS = 8;
const RETRY = { baseMs: 1000, maxMs: 60_000 };
const ANSWER_WITHIN_MS = 10_000;

/**
 * Posts JSON to an address, one message after the other in their order. A message that is not answered with 2xx is sent
 * again, up to 8 times within about two minutes; then it is logged as lost and the next has its turn.
 */
export class Webhook {
  private readonly url: string;
  private readonly headers: Readonly<Record<string, string>>;
  private sending: Promise<void> = Promise.resolve();

  /**
   * @param address with user and password where the receiver wants them
   * @param stop ends the waiting and the sending for good
   */
  constructor(
    address: string,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly stop: AbortSignal,
  ) {
    const url = new URL(address);
    const user = [url.username, url.password].map(decodeURIComponent).join(':');
    url.username = url.password = '';
    this.url = url.href;
    this.headers = {
      'content-type': 'application/json',
      ...(user !== ':' && { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
    };
  }

  /** Does not wait for the delivery. */
  post(message: object): void {
    const body = JSON.stringify(message);
    this.sending = this.sending.then(() => this.deliver(body));
  }

  private async deliver(body: string): Promise<void> {
    for (let attempt = 0; !this.stop.aborted; attempt += 1) {
      const problem = await this.attempt(body);
      if (problem === null || this.stop.aborted) return;
      const last = attempt + 1 >= ATTEMPTS;
      this.log.warn('alert.webhook.failed', { attempt: attempt + 1, of: ATTEMPTS, problem, givenUp: last });
      if (last) return;
      await this.clock.sleep(backoffMs(attempt, RETRY), this.stop).catch(() => undefined);
    }
  }

  /** @returns what went wrong, or null */
  private async attempt(body: string): Promise<string | null> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: this.headers,
        body,
        redirect: 'manual', // followed, a POST may become a GET that anybody answers with 200
        signal: AbortSignal.any([this.stop, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.body?.cancel();
      return response.ok ? null : `HTTP ${response.status}`;
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      return errorMessage(cause ?? error);
    }
  }
}
