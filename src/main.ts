import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { EXIT, type Command } from './cli/command.js';

const USAGE = `Usage: cryptoflow serve
       cryptoflow import <file, folder or pattern>...
       cryptoflow export <exchange>:<BASE/QUOTE>@<interval>
       cryptoflow key

Collects OHLCV candles and serves them over REST. Configured by the environment:
see README.md, "Configuration".

  serve             run the service
  import            store candles from Binance's public archive, or from CSV files
  export            write the candles of a series as CSV
  key               make an API key
  <command> --help  what a command takes
  --version         print the version
  --help            print this
`;

/** Loaded when asked for: they need no web server. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  serve: () => import('./cli/serve.command.js'),
  import: () => import('./cli/import.command.js'),
  export: () => import('./cli/export.command.js'),
  key: () => import('./cli/key.command.js'),
};

/** Runs a command line. @param args the arguments after the program's name */
export async function main([name, ...rest]: readonly string[]): Promise<void> {
  if (name === '--version' || name === '--help') {
    process.stdout.write(name === '--help' ? USAGE : `${version()}\n`);
    return;
  }
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    process.stderr.write(USAGE);
    process.exitCode = EXIT.usage;
    return;
  }
  const { command } = await load();
  if (rest.includes('--help')) {
    process.stdout.write(command.usage);
    return;
  }
  process.exitCode = await command.run(rest);
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
