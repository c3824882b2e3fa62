import { Inject, Injectable } from '@nestjs/common';
import { AnswerCache } from '../candles/answer-cache.js';
import { LiveEvents } from '../candles/live/live-events.js';
import { Instruments } from './instruments.js';

/** Answers that are kept, and who listens: in a process that answers for candles. */
@Injectable()
export class AnswerMetrics {
  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(AnswerCache) cache: AnswerCache,
    @Inject(LiveEvents) live: LiveEvents,
  ) {
    const requests = instruments.counter(
      'answer_cache_requests_total',
      'Answers of candles that were asked for: hit, kept and still true; miss, to be made',
      ['result'],
    );
    cache.observe((result) => requests.inc({ result }));
    instruments.gauge('answer_cache_bytes', 'What the answers that are kept take', () => cache.size);
    instruments.gauge(
      'stream_clients',
      'Clients that listen to what happens to candles',
      () => live.listeners,
    );
  }
}
