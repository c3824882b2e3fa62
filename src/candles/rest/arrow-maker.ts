import { Inject, Injectable } from '@nestjs/common';
import { InvalidRequestError } from '../../http/request-errors.js';
import { DecimalScale } from '../decimal-scale.js';
import { ArrowBatches, loadArrow, PRECISION } from './arrow-batches.js';
import type { CandleRequest } from './candle-request.js';

/** By so many digits the volume of a month can be longer than that of its minutes. */
const SUM_DIGITS = 5;

/** Makes what makes Arrow of candles: of the columns of a request, with figures as it wants them. */
@Injectable()
export class ArrowMaker {
  constructor(@Inject(DecimalScale) private readonly scales: DecimalScale) {}

  /** @throws InvalidRequestError where the figures fit no decimal */
  async batchesFor(request: CandleRequest): Promise<ArrowBatches> {
    const arrow = await loadArrow();
    const scale = request.numbers === 'double' ? 'double' : await this.scaleOf(request);
    return new ArrowBatches(arrow, request.columns, scale);
  }

  private async scaleOf({ sources, from = 0, to = Number.MAX_SAFE_INTEGER }: CandleRequest): Promise<number> {
    let [whole, scale] = [0, 0];
    for (const { series, rollup } of sources) {
      const digits = await this.scales.of(series.id, from, to);
      whole = Math.max(whole, digits.whole + (rollup ? SUM_DIGITS : 0));
      scale = Math.max(scale, digits.places);
    }
    if (whole + scale > PRECISION) {
      const message = `figures of up to ${whole + scale} digits fit no decimal of ${PRECISION}: ask for double, or csv`;
      throw new InvalidRequestError('INVALID_PARAMETER', [{ parameter: 'numbers', message }]);
    }
    return scale;
  }
}
