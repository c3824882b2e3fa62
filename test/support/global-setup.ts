import { existsSync } from 'node:fs';

/** The tests that start the service start the built one. */
export default function setup(): void {
  if (!existsSync('dist/main.js')) {
    throw new Error('dist/ is not there: run `npm run build` first, or `npm test`, which does it');
  }
  if (!process.env['CRYPTOFLOW_TEST_DATA']) {
    console.log('CRYPTOFLOW_TEST_DATA is not set: tests on real candles use generated ones instead.');
  }
}
