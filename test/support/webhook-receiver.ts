import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from './at-end.js';

/** A server on 127.0.0.1 that takes webhooks in. */
export class WebhookReceiver {
  /** The bodies of all requests, refused ones included, in the order in which they came. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it awaits
  readonly bodies: any[] = [];
  /** How many of the next requests are answered with 500. */
  refuse = 0;

  private constructor(readonly url: string) {}

  /** @param path of the webhook, which is a secret */
  static async start(path: string): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.statusCode = receiver.refuse > 0 ? 500 : 204;
        receiver.refuse -= 1;
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    const receiver = new WebhookReceiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return receiver;
  }
}
