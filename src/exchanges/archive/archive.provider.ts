import type { FactoryProvider } from '@nestjs/common';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Clock } from '../../common/clock.js';
import { Config } from '../../config/config.js';
import { Log } from '../../logging/log.js';
import { ArchiveFolder } from './archive-folder.js';
import { CandleArchive } from './candle-archive.js';
import { DirectoryArchive } from './directory-archive.js';
import { HttpArchive } from './http-archive.js';

/** Injection token of the archive that `CRYPTOFLOW_ARCHIVE` names: a `CandleArchive`, or null. */
export const ARCHIVE = Symbol('ARCHIVE');

/** The exchange whose archive it is. */
export const ARCHIVED_EXCHANGE = 'binance';

export const archiveProvider: FactoryProvider<CandleArchive | null> = {
  provide: ARCHIVE,
  inject: [Clock, { token: Config, optional: true }, { token: Log, optional: true }],
  useFactory: (clock: Clock, config?: Config, log?: Log) => {
    if (!config?.archive || !log) return null;
    const { archive, database } = config;
    if (archive.kind === 'directory' && !existsSync(archive.path)) {
      log.warn('archive.absent', { directory: archive.path });
    }
    const source =
      archive.kind === 'url' ? new HttpArchive(archive.base) : new DirectoryArchive(archive.path);
    const folder = new ArchiveFolder(join(dirname(database.file), '.archive-'), () => clock.now());
    return new CandleArchive(source, folder, clock, log);
  },
};
