import { Module } from '@nestjs/common';
import { LiveModule } from '../../candles/candles.module.js';
import { StreamController } from './stream.controller.js';
import { StreamPlaces } from './stream-places.js';

/** What happens to candles, as server-sent events. */
@Module({
  imports: [LiveModule],
  providers: [StreamPlaces],
  controllers: [StreamController],
  exports: [StreamPlaces],
})
export class StreamModule {}
