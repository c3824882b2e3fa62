/** A command of the command line. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string;
  /**
   * @param args what follows its name
   * @returns the exit code: that of the process's end, if something goes on until then
   */
  run(args: readonly string[]): Promise<number>;
}

/** The exit codes of every command. Ended by a signal: 128 and its number, as shells have it. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3, interrupted: 130, terminated: 143 } as const;
