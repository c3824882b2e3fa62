import { afterAll } from 'vitest';
import { cleanUpFile } from './at-end.js';

/** Runs before the tests of every file. */
afterAll(cleanUpFile);
