import { connect } from 'node:net';

const BUFFER = 256 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/**
 * A keep-alive connection that counts the bytes of an answer and looks at nothing else of it: on a small machine, what the
 * load generator does is taken from the server.
 */
export class Connection {
  /** @param {string} url of the server */
  constructor(url) {
    const { hostname, port } = new URL(url);
    this.host = `${hostname}:${port}`;
    this.head = '';
    /** Bytes of the body that are still to come; negative while its head is. */
    this.left = -1;
    this.status = 0;
    /** @type {{ resolve: (status: number) => void, reject: (error: Error) => void } | undefined} */
    this.waiting = undefined;
    this.socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER),
        callback: (size, buffer) => this.take(size, /** @type {Buffer} */ (buffer)),
      },
    });
    this.socket.on('error', (error) => this.waiting?.reject(error));
    this.socket.on('close', () => this.waiting?.reject(new Error('the server hung up')));
  }

  /** @param {string} path @returns {Promise<number>} the status of the answer, when all of it is there */
  ask(path) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.host}\r\n\r\n`);
    });
  }

  close() {
    this.waiting = undefined;
    this.socket.destroy();
  }

  /** @param {number} size @param {Buffer} buffer */
  take(size, buffer) {
    if (this.left >= 0) this.left -= size;
    else this.takeHead(buffer.toString('latin1', 0, size));
    if (this.left === 0) {
      this.left = -1;
      this.waiting?.resolve(this.status);
    }
    return true;
  }

  /** @param {string} text */
  takeHead(text) {
    this.head += text;
    const end = this.head.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = this.head.slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.waiting?.reject(new Error(`an answer without a length: ${head}`));
      this.socket.destroy();
      return;
    }
    this.status = Number(head.split(' ', 2)[1]);
    this.left = Number(length) - (this.head.length - end - END_OF_HEAD.length);
    this.head = '';
  }
}
