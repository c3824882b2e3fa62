import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { CandleExport } from './candle-export.js';
import { CandlePages } from './candle-pages.js';
import { CandleReader } from './candle-reader.js';
import { CandleStore } from './candle-store.js';
import { CandlesController } from './rest/candles.controller.js';
import { MarketReader } from './market-reader.js';
import { QuarantineController } from './rest/quarantine.controller.js';
import { QuarantineReader } from './quarantine-reader.js';
import { RevisionReader } from './revision-reader.js';
import { RevisionsController } from './rest/revisions.controller.js';
import { RollupBuildJob } from './rollup-build.job.js';
import { RollupCheckJob } from './rollup-check.job.js';
import { RollupChecks } from './rollup-checks.js';
import { RollupReader } from './rollup-reader.js';
import { SeriesController } from './rest/series.controller.js';
import { SeriesReader } from './series-reader.js';
import { SeriesRegister } from './series-register.js';
import { SqliteCandleStore } from './sqlite-candle-store.js';

const READING = [
  CandleReader,
  RollupReader,
  CandlePages,
  CandleExport,
  MarketReader,
  RollupChecks,
  SeriesReader,
  RevisionReader,
  QuarantineReader,
];

/** Reading candles: needs the DataSource `reader` only. */
@Module({ providers: READING, exports: READING })
export class CandleReadingModule {}

/** Writing candles: needs the DataSource `writer` as well. */
@Module({
  imports: [LocksModule],
  providers: [{ provide: CandleStore, useClass: SqliteCandleStore }, SeriesRegister],
  exports: [CandleStore, SeriesRegister],
})
export class CandleWritingModule {}

/** What is done about rollups beside the commits. Needs `ScheduleModule` besides. */
@Module({ imports: [LocksModule], providers: [RollupBuildJob, RollupCheckJob] })
export class RollupJobsModule {}

/** REST v1. */
@Module({
  imports: [CandleReadingModule],
  controllers: [CandlesController, SeriesController, RevisionsController, QuarantineController],
})
export class CandlesApiModule {}
