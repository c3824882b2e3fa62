#!/usr/bin/env node
'use strict';

const { enableCompileCache } = require('node:module');
const { setFlagsFromString } = require('node:v8');

// From Node 22 on: what was compiled once need not be compiled at every start.
enableCompileCache?.();

// SQLite's calls run on libuv's threads, whose number is fixed once the first module of the program has loaded: inside an
// ES module it is too late. Enough for every reader, the writer, the checkpointer, and name look-ups besides.
const readers = Number(process.env.DATABASE_READERS) || 4;
const threads = Math.max(readers + 12, Number(process.env.UV_THREADPOOL_SIZE) || 0);
process.env.UV_THREADPOOL_SIZE = String(Math.min(threads, 1024));

// Pages and answers pass through the heap, or beside it in buffers, and leave at once. Left to itself, V8 takes them for a
// reason to grow: a young generation that is collected seldom lets the buffers add up until the whole heap is collected,
// several times a second. So it stays small.
setFlagsFromString('--semi-space-growth-factor=1');
if (process.env.CRYPTOFLOW_ROLE !== 'api') {
  // The old generation would grow to three times of what lives in it while history passes through: it is collected when it
  // has grown by half.
  setFlagsFromString('--heap-growing-percent=50');
  // Then it is marked on up to four threads at once, and on two cores answers wait for all of them. On the event loop it
  // takes as long, but in steps of a few milliseconds, between which answers go out.
  setFlagsFromString('--no-concurrent-marking');
}

import('../dist/main.js').then(
  ({ main }) => main(process.argv.slice(2)),
  (error) => {
    console.error(
      error.code === 'ERR_MODULE_NOT_FOUND' ? 'cryptoflow is not built: run `npm run build`' : error,
    );
    if (error.code === 'ERR_MODULE_NOT_FOUND') console.error(error.message);
    process.exitCode = 1;
  },
);
