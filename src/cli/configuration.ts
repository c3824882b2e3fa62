import { Config, InvalidConfigError } from '../config/config.js';

/**
 * The environment's configuration; null, with the reasons on standard error, where it is not usable.
 *
 * @param logLevel where `LOG_LEVEL` is not set
 */
export function readConfig(logLevel = 'info'): Config | null {
  const { env, stdout } = process;
  try {
    return Config.from({ ...env, LOG_LEVEL: env['LOG_LEVEL'] || logLevel }, { terminal: stdout.isTTY });
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}
