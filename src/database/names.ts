/** Name of the DataSource that writes: one connection behind the write queue. */
export const WRITER = 'writer';

/** Name of the DataSource that reads: a pool of read-only connections. */
export const READER = 'reader';
