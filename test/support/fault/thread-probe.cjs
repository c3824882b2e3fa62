'use strict';

// Loaded by `--require` into a process whose pool of threads is in question. On SIGUSR2 it parks as many threads as
// PROBE_PARKED says, each in the opening of a FIFO that nobody writes to, and prints a line once an `fs.stat` behind them
// has come back: how many of the openings had come back before it.
const fs = require('node:fs');

const { PROBE_FIFO, PROBE_PARKED } = process.env;
process.on('SIGUSR2', () => {
  let opened = 0;
  for (let parked = 0; parked < Number(PROBE_PARKED); parked += 1) {
    fs.open(PROBE_FIFO, 'r', () => (opened += 1));
  }
  fs.stat('.', () => process.stdout.write(`${JSON.stringify({ level: 30, event: 'probe.stat', opened })}\n`));
});
