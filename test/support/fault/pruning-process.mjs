// Runs the job `retention` again and again, as fast as it can, until it is killed or told to end. What is to be kept stands
// in CRYPTOFLOW_RETENTION. One argument, as JSON: file.
import { CandleReadingModule } from '../../../dist/candles/candles.module.js';
import { SeriesReader } from '../../../dist/candles/series-reader.js';
import { RetentionJob } from '../../../dist/collector/retention.job.js';
import { Config } from '../../../dist/config/config.js';
import { JobGuard } from '../../../dist/locks/job-guard.js';
import { compose, report } from './composition.mjs';

const PAUSE_MS = 20;

const { file } = JSON.parse(process.argv[2]);
const { app, get, clock, locks } = await compose({ file, imports: [CandleReadingModule] });
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());

let rows = 0;
const log = { info: (event, fields) => void (event === 'retention.pruned' && (rows += fields.rows)) };
const job = new RetentionJob(get(SeriesReader), get(Config), clock, log);
const guard = get(JobGuard);

report({ ready: { holder: locks.holder } });
while (!stopping.signal.aborted) {
  rows = 0;
  const slot = clock.now();
  if (await guard.run('retention', slot, (context) => job.removeOld(context)))
    report({ pruned: { slot, rows } });
  await clock.sleep(PAUSE_MS, stopping.signal).catch(() => undefined);
}
await app.close();
