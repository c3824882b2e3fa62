import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { Config, InvalidConfigError } from './config/config.js';
import { PinoLog } from './logging/pino-log.js';
import { startService } from './service.js';

const USAGE = `Usage: cryptoflow serve

Collects OHLCV candles and serves them over REST. Configured by the environment:
see README.md, "Configuration".

  serve       run the service
  --version   print the version
  --help      print this
`;

/** Runs a command line. @param command the arguments after the program's name */
export async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === 'serve' && rest.length === 0) return serve();
  if (command === '--version') {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    console.log((JSON.parse(manifest) as { version: string }).version);
    return;
  }
  if (command === '--help') {
    process.stdout.write(USAGE);
    return;
  }
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

async function serve(): Promise<void> {
  let config: Config;
  try {
    config = Config.from(process.env, { terminal: process.stdout.isTTY });
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const log = new PinoLog(config);
  const fail = (error: unknown) => {
    log.error('service.failed', { error });
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  await startService(config, log).catch(fail);
}
