import { Controller, Get, Inject, NotFoundException, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../common/clock.js';
import { toSeconds } from './bars.js';
import { ALL_RESOLUTIONS } from './resolution.js';
import { SymbolCatalog } from './symbol-catalog.js';
import { SYMBOL_TYPE } from './symbol-info.js';
import { exchangeName } from './symbol-index.js';
import { UdfErrorFilter } from './udf-error.filter.js';

@Controller('udf')
@UseFilters(UdfErrorFilter)
export class ConfigController {
  constructor(
    @Inject(SymbolCatalog) private readonly symbols: SymbolCatalog,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('config')
  async config() {
    const exchanges = new Set((await this.symbols.markets()).map(({ exchange }) => exchange));
    return {
      supports_search: true,
      // Where it is true the adapter asks for groups only, of exchanges that are written down in it.
      supports_group_request: false,
      supports_marks: true,
      supports_timescale_marks: true,
      supports_time: true,
      supported_resolutions: ALL_RESOLUTIONS,
      exchanges: [
        { value: '', name: 'All exchanges', desc: '' },
        ...[...exchanges].map((id) => ({ value: exchangeName(id), name: exchangeName(id), desc: id })),
      ],
      symbols_types: [
        { name: 'All types', value: '' },
        { name: 'Crypto', value: SYMBOL_TYPE },
      ],
    };
  }

  /** Unix seconds, and nothing around them. */
  @Get('time')
  time(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json; charset=utf-8');
    return String(toSeconds(this.clock.now()));
  }

  /** What is not there is refused in the adapter's own words, too. */
  @Get('*')
  nothing(): never {
    throw new NotFoundException('there is nothing at this address');
  }
}
