import { CryptoFlowError } from '../common/errors.js';

/** Why a file of candles is refused as a whole. */
export type ArchiveErrorCode =
  /** It is not what its publisher's checksum says. */
  | 'ARCHIVE_CHECKSUM'
  /** It is cut off, damaged, or no file of candles. */
  | 'ARCHIVE_UNREADABLE'
  /** It names no market, no interval, or lacks a column. */
  | 'ARCHIVE_UNKNOWN';

/** A file that is refused: nothing of it counts. */
export class ArchiveError extends CryptoFlowError {
  constructor(
    override readonly code: ArchiveErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
  }
}
