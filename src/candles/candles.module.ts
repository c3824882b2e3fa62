import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { CandleReader } from './candle-reader.js';
import { CandleStore } from './candle-store.js';
import { CandlesController } from './candles.controller.js';
import { RevisionReader } from './revision-reader.js';
import { RevisionsController } from './revisions.controller.js';
import { SeriesController } from './series.controller.js';
import { SeriesReader } from './series-reader.js';
import { SeriesRegister } from './series-register.js';
import { SqliteCandleStore } from './sqlite-candle-store.js';

/** Reading candles: needs the DataSource `reader` only. */
@Module({
  providers: [CandleReader, SeriesReader, RevisionReader],
  exports: [CandleReader, SeriesReader, RevisionReader],
})
export class CandleReadingModule {}

/** Writing candles: needs the DataSource `writer` as well. */
@Module({
  imports: [LocksModule],
  providers: [{ provide: CandleStore, useClass: SqliteCandleStore }, SeriesRegister],
  exports: [CandleStore, SeriesRegister],
})
export class CandleWritingModule {}

/** REST v1. */
@Module({
  imports: [CandleReadingModule],
  controllers: [CandlesController, SeriesController, RevisionsController],
})
export class CandlesApiModule {}
