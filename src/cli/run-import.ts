import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Clock } from '../common/clock.js';
import { Lifecycle } from '../common/lifecycle.js';
import type { Config } from '../config/config.js';
import { DatabaseModule } from '../database/database.module.js';
import { foundation } from '../foundation.module.js';
import type { FoundFile } from '../importing/find-files.js';
import { Importer, type ImportOptions } from '../importing/importer.js';
import { ImportingModule } from '../importing/importing.module.js';
import type { Log } from '../logging/log.js';
import { NestLogger } from '../logging/nest-logger.js';
import { PinoLog } from '../logging/pino-log.js';
import { ImportScreen } from './import-screen.js';
import { stopOnSignals } from './stop-on-signals.js';

/** Imports the files in a process of its own. @returns the exit code */
export async function runImport(
  config: Config,
  files: readonly FoundFile[],
  options: ImportOptions,
): Promise<number> {
  const log = new PinoLog(config);
  const app = await NestFactory.createApplicationContext(ImportAppModule.forRoot(config, log), {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  const stopped = stopOnSignals(app.get(Lifecycle));
  const screen = new ImportScreen(files, process.stdout, process.stderr, app.get(Clock));
  try {
    const { stopping } = app.get(Lifecycle);
    await app.get(Importer).run(files, options, screen, stopping);
    return screen.exitCode;
  } catch (error) {
    const code = stopped();
    if (code === null) throw error;
    screen.interrupted();
    return code;
  } finally {
    screen.summarise();
    await app.close();
  }
}

/** What an import is made of. */
@Module({})
class ImportAppModule {
  static forRoot(config: Config, log: Log): DynamicModule {
    return {
      module: ImportAppModule,
      imports: [foundation(config, log), DatabaseModule.forRoot({ writable: true }), ImportingModule],
    };
  }
}
