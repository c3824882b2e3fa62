/** A file of the archive that is at hand, its checksum beside it if it has one. */
export interface ArchiveCopy {
  readonly path: string;
  /** Removes it, if it was brought here. */
  readonly dispose: () => Promise<void>;
}

/** Where the files of the archive come from. */
export abstract class ArchiveSource {
  /**
   * @param name below the archive's base, with slashes
   * @param folder where it may be put
   * @returns null where the archive has no such file
   * @throws when that cannot be told now, or the signal's reason
   */
  abstract fetch(name: string, folder: string, signal: AbortSignal): Promise<ArchiveCopy | null>;
}
