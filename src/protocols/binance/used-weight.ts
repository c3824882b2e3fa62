import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import { openTimeAt } from '../../common/interval.js';

/** Clients that are counted at once. Of more, who asked longest ago is forgotten. */
const MAX_CLIENTS = 10_000;

/** Counts what each client has asked for in the present minute. Tells, and refuses nothing. */
@Injectable()
export class UsedWeight {
  private readonly clients = new LRUCache<string, { readonly minute: number; readonly used: number }>({
    max: MAX_CLIENTS,
  });

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** @returns what the client has used in this minute, this request included */
  add(client: string, weight: number): number {
    const minute = openTimeAt('1m', this.clock.now());
    const known = this.clients.get(client);
    const used = (known?.minute === minute ? known.used : 0) + weight;
    this.clients.set(client, { minute, used });
    return used;
  }
}
