import { EXIT, type Command } from './command.js';
import { readConfig } from './configuration.js';

const USAGE = `Usage: cryptoflow serve

Runs the service: collects what CRYPTOFLOW_MARKETS names and serves it over REST, until SIGTERM or Ctrl-C.
Configured by the environment: see README.md, "Configuration".
`;

export const command: Command = {
  usage: USAGE,

  async run(args) {
    if (args.length > 0) {
      process.stderr.write(USAGE);
      return EXIT.usage;
    }
    const config = readConfig();
    if (!config) return EXIT.failed;
    // Loaded once there is something to start: help and refusals need not wait for it.
    const [{ PinoLog }, { startService }] = await Promise.all([
      import('../logging/pino-log.js'),
      import('../service.js'),
    ]);
    const log = new PinoLog(config);
    const fail = (error: unknown) => {
      log.error('service.failed', { error });
      process.exit(EXIT.failed);
    };
    process.on('uncaughtException', fail);
    process.on('unhandledRejection', fail);
    await startService(config, log).catch(fail);
    return EXIT.ok;
  },
};
