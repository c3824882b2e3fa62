import { errorMessage } from '../common/errors.js';
import { EXIT, type Command } from './command.js';
import { readConfig } from './configuration.js';
import { EXPORT_USAGE, parseExportArguments } from './export-arguments.js';

export const command: Command = {
  usage: EXPORT_USAGE,

  async run(args) {
    const parsed = parseExportArguments(args);
    if (typeof parsed === 'string') {
      process.stderr.write(`${parsed}\n\n${EXPORT_USAGE}`);
      return EXIT.usage;
    }
    // Standard output is the candles': of the log, what goes wrong is enough, and it goes beside.
    const config = readConfig('warn');
    if (!config) return EXIT.failed;
    try {
      const { runExport } = await import('./run-export.js');
      return await runExport(config, parsed);
    } catch (error) {
      process.stderr.write(`${errorMessage(error)}\n`);
      return EXIT.failed;
    }
  },
};
