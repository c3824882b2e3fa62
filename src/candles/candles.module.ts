import { Module } from '@nestjs/common';
import { HttpModule } from '../http/http.module.js';
import { LocksModule } from '../locks/locks.module.js';
import { AnswerCache } from './answer-cache.js';
import { CandleExport } from './candle-export.js';
import { CandlePages } from './candle-pages.js';
import { CandleReader } from './candle-reader.js';
import { CandleStore } from './candle-store.js';
import { ChangeFeed } from './change-feed.js';
import { DecimalScale } from './decimal-scale.js';
import { KnownCoverage } from './known-coverage.js';
import { LatestReader } from './latest-reader.js';
import { ArrowMaker } from './rest/arrow-maker.js';
import { CandleAnswers } from './rest/candle-answers.js';
import { CandleStream } from './rest/candle-stream.js';
import { FilledPages } from './rest/filled-pages.js';
import { LatestAnswers } from './rest/latest-answers.js';
import { CandlesController } from './rest/candles.controller.js';
import { EventMaker } from './live/event-maker.js';
import { FormingReader } from './live/forming-reader.js';
import { KeptSeries } from './live/kept-series.js';
import { LiveEvents } from './live/live-events.js';
import { Replay } from './live/replay.js';
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
import { SeriesAdministration } from './series-administration.js';
import { SeriesRemovalJob } from './series-removal.job.js';
import { SeriesAdministrationController } from './rest/series-administration.controller.js';
import { SeriesReader } from './series-reader.js';
import { SeriesRegister } from './series-register.js';
import { SqliteCandleStore } from './sqlite-candle-store.js';

const READING = [
  CandleReader,
  RollupReader,
  CandlePages,
  CandleExport,
  MarketReader,
  LatestReader,
  DecimalScale,
  KnownCoverage,
  ChangeFeed,
  AnswerCache,
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

/** What is done beside the commits: about rollups, and about series that were deleted. Needs `ScheduleModule` besides. */
@Module({ imports: [LocksModule], providers: [RollupBuildJob, RollupCheckJob, SeriesRemovalJob] })
export class CandleJobsModule {}

/** What happens to candles, as it happens. Needs the DataSource `reader` only. */
@Module({
  imports: [CandleReadingModule],
  providers: [EventMaker, FormingReader, KeptSeries, Replay, LiveEvents],
  exports: [LiveEvents],
})
export class LiveModule {}

/** REST v1. */
@Module({
  imports: [CandleReadingModule, HttpModule],
  providers: [SeriesAdministration, FilledPages, CandleAnswers, LatestAnswers, CandleStream, ArrowMaker],
  controllers: [
    CandlesController,
    SeriesController,
    SeriesAdministrationController,
    RevisionsController,
    QuarantineController,
  ],
})
export class CandlesApiModule {}
