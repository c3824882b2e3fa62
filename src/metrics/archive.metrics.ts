import { Inject, Injectable } from '@nestjs/common';
import { ARCHIVE } from '../exchanges/archive/archive.provider.js';
import type { CandleArchive } from '../exchanges/archive/candle-archive.js';
import { Instruments } from './instruments.js';

const OUTCOMES = ['used', 'absent', 'refused', 'unavailable'] as const;

/** What backfill had from the archive, and how it compared with the API: in a process that has an archive. */
@Injectable()
export class ArchiveMetrics {
  constructor(@Inject(Instruments) instruments: Instruments, @Inject(ARCHIVE) archive: CandleArchive | null) {
    if (!archive) return;
    const files = instruments.counter('archive_files_total', 'Files looked for in the archive', ['outcome']);
    for (const outcome of OUTCOMES) files.inc({ outcome }, 0);
    const pages = instruments.counter('archive_pages_total', 'Pages answered from the archive');
    const candles = instruments.counter('archive_candles_total', 'Candles answered from the archive');
    const compared = instruments.counter(
      'archive_compared_candles_total',
      'Candles of the archive that were compared with the API',
    );
    const differing = instruments.counter(
      'archive_differing_candles_total',
      'Candles of the archive that differ from the API; the API’s were taken',
    );
    archive.events.observe((event) => {
      if (event.kind === 'file') files.inc({ outcome: event.outcome });
      if (event.kind === 'page') {
        pages.inc();
        candles.inc(event.candles);
      }
      if (event.kind === 'compared') {
        compared.inc(event.candles);
        differing.inc(event.differing);
      }
    });
  }
}
