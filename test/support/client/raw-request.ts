import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface RawRequest {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends requests as they are, over connections that are kept. */
export class RawClient {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    { connections, timeoutMs }: { connections: number; timeoutMs: number },
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, timeout: timeoutMs });
  }

  /** Of a stream of events only the first are read. @throws Error where no answer comes, or it does not end */
  send({ method, path, headers, body }: RawRequest): Promise<RawAnswer> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      // Node would send a body of GET or DELETE without saying how long it is.
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = { agent: this.agent, hostname, port, method, path, headers: { ...headers, ...length } };
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        const done = () => {
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) });
        };
        const endless = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (!endless) return;
          done();
          call.destroy();
        });
        response.on('end', done);
        response.on('error', reject);
      });
      call.on('timeout', () => call.destroy(new Error('no answer in time')));
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
