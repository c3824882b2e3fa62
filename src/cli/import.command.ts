import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Clock } from '../common/clock.js';
import { errorMessage } from '../common/errors.js';
import { Lifecycle } from '../common/lifecycle.js';
import type { Config } from '../config/config.js';
import { DatabaseModule } from '../database/database.module.js';
import { foundation } from '../foundation.module.js';
import { findFiles, NoFilesError, type FoundFile } from '../importing/find-files.js';
import { Importer, type ImportOptions } from '../importing/importer.js';
import { ImportingModule } from '../importing/importing.module.js';
import type { Log } from '../logging/log.js';
import { NestLogger } from '../logging/nest-logger.js';
import { PinoLog } from '../logging/pino-log.js';
import { EXIT, type Command } from './command.js';
import { readConfig } from './configuration.js';
import { IMPORT_USAGE, parseImportArguments } from './import-arguments.js';
import { ImportScreen } from './import-screen.js';

export const command: Command = {
  usage: IMPORT_USAGE,

  async run(args) {
    const parsed = parseImportArguments(args);
    if (typeof parsed === 'string') {
      process.stderr.write(`${parsed}\n\n${IMPORT_USAGE}`);
      return EXIT.usage;
    }
    // Its own lines say what it does; of the log, what goes wrong is enough, unless asked for more.
    const config = readConfig('warn');
    if (!config) return EXIT.failed;
    try {
      return await importAll(config, await findFiles(parsed.given), parsed.options);
    } catch (error) {
      process.stderr.write(`${errorMessage(error)}\n`);
      return error instanceof NoFilesError ? EXIT.usage : EXIT.failed;
    }
  },
};

async function importAll(
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

/** The first signal ends the import when the commit under way is done, the second one at once. @returns the exit code */
function stopOnSignals(lifecycle: Lifecycle): () => number | null {
  let code: number | null = null;
  const stop = (own: number) => () => {
    if (code !== null) process.exit(own);
    code = own;
    lifecycle.beginStop();
  };
  process.on('SIGINT', stop(EXIT.interrupted));
  process.on('SIGTERM', stop(EXIT.terminated));
  return () => code;
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
