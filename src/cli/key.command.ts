import { EXIT, type Command } from './command.js';

const USAGE = `Usage: cryptoflow key [options]

Makes a new API key. It is shown once and kept nowhere: the configuration gets its hash.

  --scopes <scopes>  what it may do: read, write, admin, joined by + (default: all)
  --name <name>      who has it, for the log: up to 32 letters, digits, and _ . -

Exit code: 0 a key is printed; 2 wrong usage.
`;

export const command: Command = {
  usage: USAGE,

  async run(args) {
    const { makeKey, parseKeyArguments } = await import('./run-key.js');
    const parsed = parseKeyArguments(args);
    if (typeof parsed === 'string') {
      process.stderr.write(`${parsed}\n\n${USAGE}`);
      return EXIT.usage;
    }
    const { key, entry } = makeKey(parsed);
    process.stdout.write(
      `The key, for whoever asks:\n  ${key}\n` +
        `For CRYPTOFLOW_API_KEYS, or as a line of the file that CRYPTOFLOW_API_KEYS_FILE names:\n  ${entry}\n`,
    );
    return EXIT.ok;
  },
};
