import { errorMessage } from '../common/errors.js';
import { findFiles, NoFilesError } from '../importing/find-files.js';
import { EXIT, type Command } from './command.js';
import { readConfig } from './configuration.js';
import { IMPORT_USAGE, parseImportArguments } from './import-arguments.js';

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
      const files = await findFiles(parsed.given);
      // Loaded once there is something to do: help and refusals need not wait for it.
      const { runImport } = await import('./run-import.js');
      return await runImport(config, files, parsed.options);
    } catch (error) {
      process.stderr.write(`${errorMessage(error)}\n`);
      return error instanceof NoFilesError ? EXIT.usage : EXIT.failed;
    }
  },
};
