import { Module } from '@nestjs/common';
import { CandleReadingModule, CandleWritingModule } from '../candles/candles.module.js';
import { LocksModule } from '../locks/locks.module.js';
import { FileCheck } from './check-file.js';
import { Importer } from './importer.js';
import { SeriesSessions } from './series-session.js';

/** Brings files of candles into the database. Needs the DataSources of `DatabaseModule`. */
@Module({
  imports: [LocksModule, CandleReadingModule, CandleWritingModule],
  providers: [FileCheck, SeriesSessions, Importer],
  exports: [Importer],
})
export class ImportingModule {}
