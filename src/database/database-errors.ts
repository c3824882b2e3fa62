import { CryptoFlowError } from '../common/errors.js';

/** A writer transaction was opened, or the writer asked for, inside a writer transaction: it would wait for itself. */
export class WriterReenteredError extends CryptoFlowError {
  constructor() {
    super(
      'WRITER_REENTERED',
      'the writer was asked for inside a writer transaction, and would wait for itself: ' +
        'use the transaction’s own EntityManager, or move the call out of the transaction',
    );
  }
}

/** Nobody could take the write lock in time: neither in this process's queue nor at the database. */
export class WriteLockTimeoutError extends CryptoFlowError {
  constructor(waitedMs: number, cause?: unknown) {
    super('WRITE_LOCK_TIMEOUT', `the write lock was not to be had within ${Math.round(waitedMs)} ms`, {
      cause,
    });
  }
}

/** A reader was told to give up: as long as it reads, the WAL cannot start over. */
export class ReadTooLongError extends CryptoFlowError {
  constructor(limitMs: number, cause: unknown) {
    super('READ_TOO_LONG', `a read of more than ${limitMs} ms was ended: read less at a time, page by page`, {
      cause,
    });
  }
}

/** Bulk work is held back for the sake of the database, and who asked has something better to do than to wait. */
export class BulkPausedError extends CryptoFlowError {
  constructor(reason: string) {
    super('BULK_PAUSED', `bulk work is held back: ${reason}`);
  }
}

/** The database ended the transaction by itself, after an error inside it: nothing of it will be committed. */
export class TransactionAbortedError extends CryptoFlowError {
  constructor(cause: unknown) {
    super('TRANSACTION_ABORTED', 'an earlier error ended this transaction: roll it back and begin again', {
      cause,
    });
  }
}

/** A statement came after the COMMIT or ROLLBACK of its transaction had been asked for: nobody awaited it. */
export class TransactionEndedError extends CryptoFlowError {
  constructor() {
    super('TRANSACTION_ENDED', 'the transaction is being ended: await every statement inside it');
  }
}

/** `BEGIN` and the like as plain statements: the connection would go back to the queue with an open transaction. */
export class RawTransactionError extends CryptoFlowError {
  constructor() {
    super(
      'RAW_TRANSACTION',
      'transactions are not made by query(): use transaction(), or startTransaction() of a QueryRunner',
    );
  }
}

/** The database cannot be used yet: no file, or its schema is still to be made by a process that may write. */
export class DatabaseNotReadyError extends CryptoFlowError {
  constructor(file: string, reason: string, cause?: unknown) {
    super('DATABASE_NOT_READY', `the database ${file} is not ready: ${reason}`, { cause });
  }
}

/** The database will not do, and waiting does not help: the operator must act. */
export class DatabaseRefusedError extends CryptoFlowError {
  constructor(
    code:
      | 'SQLITE_TOO_OLD'
      | 'NETWORK_FILESYSTEM'
      | 'NEWER_SCHEMA'
      | 'PRAGMA_REFUSED'
      | 'DATABASE_UNWRITABLE'
      | 'DATABASE_UNUSABLE'
      | 'DATABASE_DAMAGED',
    message: string,
    cause?: unknown,
  ) {
    super(code, message, { cause });
  }
}
