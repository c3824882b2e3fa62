import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CandleExport, type ExportPart } from '../candles/candle-export.js';
import { CandleReadingModule } from '../candles/candles.module.js';
import { errorCode } from '../common/errors.js';
import { Lifecycle } from '../common/lifecycle.js';
import type { Config } from '../config/config.js';
import { DatabaseModule } from '../database/database.module.js';
import { foundation } from '../foundation.module.js';
import type { Log } from '../logging/log.js';
import { NestLogger } from '../logging/nest-logger.js';
import { PinoLog, STREAMS } from '../logging/pino-log.js';
import { EXIT } from './command.js';
import type { ExportArguments } from './export-arguments.js';
import { stopOnSignals } from './stop-on-signals.js';

/** Exports in a process of its own, which only reads. @returns the exit code */
export async function runExport(config: Config, { query, output }: ExportArguments): Promise<number> {
  const log = new PinoLog(config, STREAMS.stderr);
  const app = await NestFactory.createApplicationContext(ExportAppModule.forRoot(config, log), {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  const notes = { partial: 0 };
  try {
    const text = Readable.from(textOf(app.get(CandleExport).csv(query), notes));
    const code = output === null ? await writeOut(text) : await writeFile(text, output, app.get(Lifecycle));
    if (notes.partial > 0) {
      process.stderr.write(`${notes.partial} candles are made of minutes of which some are missing\n`);
    }
    return code;
  } finally {
    await app.close();
  }
}

async function* textOf(parts: AsyncIterable<ExportPart>, notes: { partial: number }): AsyncGenerator<Buffer> {
  for await (const { text, partial } of parts) {
    notes.partial += partial;
    yield text;
  }
}

/**
 * Whoever reads may have enough before the end, as `head` has. A signal ends the process as if nothing caught it: a write
 * waits for a slow reader on the event loop, where no handler would get its turn, and there is nothing to put in order.
 */
async function writeOut(text: Readable): Promise<number> {
  try {
    await pipeline(text, process.stdout, { end: false });
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') throw error;
  }
  return EXIT.ok;
}

/** Beside its place, until it is whole. */
async function writeFile(text: Readable, path: string, lifecycle: Lifecycle): Promise<number> {
  const stopped = stopOnSignals(lifecycle);
  const unfinished = `${path}.part`;
  try {
    await pipeline(text, createWriteStream(unfinished, { flush: true }), { signal: lifecycle.stopping });
    await rename(unfinished, path);
    return EXIT.ok;
  } catch (error) {
    await rm(unfinished, { force: true });
    const code = stopped();
    if (code === null) throw error;
    return code;
  }
}

/** What an export is made of. */
@Module({})
class ExportAppModule {
  static forRoot(config: Config, log: Log): DynamicModule {
    return {
      module: ExportAppModule,
      imports: [foundation(config, log), DatabaseModule.forRoot({ writable: false }), CandleReadingModule],
    };
  }
}
