import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Serves an archive's folder over HTTP on 127.0.0.1. */
export class ArchiveServer {
  /** The paths that were asked for, in order. */
  readonly requests: string[] = [];
  /** Answers that instead, by path. */
  fault: ((path: string) => number | 'cut' | undefined) | undefined;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {
    server.on('request', (request, response) => {
      const path = decodeURIComponent(request.url ?? '/').replace('/data/spot/', '');
      this.requests.push(path);
      const fault = this.fault?.(path);
      const file = join(this.folder, path);
      if (typeof fault === 'number') {
        response.writeHead(fault).end();
      } else if (!existsSync(file)) {
        response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      } else if (fault === 'cut') {
        const bytes = readFileSync(file);
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
      } else {
        response.end(readFileSync(file));
      }
    });
  }

  static async start(folder: string): Promise<ArchiveServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ArchiveServer(server, folder);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/data/spot`;
  }

  /** The zips that were asked for. */
  get files(): string[] {
    return this.requests.filter((path) => path.endsWith('.zip'));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
