import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Access } from '../../../http/access.js';
import { toProblem } from '../../../http/problem.filter.js';

/** Lets those connections become websockets that may: nothing of the framework sees them. */
@Injectable()
export class UpgradeGate {
  constructor(@Inject(Access) private readonly access: Access) {}

  /** @returns false where it was refused, and the connection ended */
  admits(request: IncomingMessage, socket: Duplex, isKnown: boolean): boolean {
    socket.on('error', () => socket.destroy());
    try {
      if (!isKnown) return refuse(socket, 404);
      const { headers } = request;
      this.access.admit(
        { headers, ip: request.socket.remoteAddress ?? '', host: headers.host ?? '' },
        'read',
      );
      return true;
    } catch (error) {
      return refuse(socket, toProblem(error).status);
    }
  }
}

function refuse(socket: Duplex, status: number): false {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  return false;
}
