import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ServiceProcess } from '../support/service-process.js';
import { makeReadOnly, mountSmallDisk, whyNoDisk } from '../support/fault/small-disk.js';

const noDisk = whyNoDisk();

// To permissions, which bind all but root, test/e2e/start.e2e.spec.ts sees; a mount that is read-only binds root too.
it.skipIf(noDisk !== null)(
  `a read-only disk is refused by every role, with the path and what to do (${noDisk ?? 'a tmpfs'})`,
  async () => {
    const disk = mountSmallDisk(32);
    mkdirSync(join(disk, 'empty'));
    const kept = join(disk, 'kept.db');
    const environment = { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m', CRYPTOFLOW_BACKFILL: '1h' };
    const first = await ServiceProcess.start({
      environment: { ...environment, DATABASE_URL: `sqlite:${kept}` },
    });
    await first.poll('/api/v1/series', ({ body }) => body.series[0]?.count > 0);
    expect(await first.stop('SIGINT')).toEqual({ code: 0, signal: null });
    makeReadOnly(disk);

    const missing = join(disk, 'empty', 'new.db');
    const refusals = [
      { role: 'all', file: kept, code: 'DATABASE_UNWRITABLE', named: disk },
      { role: 'collector', file: kept, code: 'DATABASE_UNWRITABLE', named: disk },
      { role: 'all', file: missing, code: 'DATABASE_UNWRITABLE', named: join(disk, 'empty') },
      { role: 'api', file: kept, code: 'DATABASE_UNUSABLE', named: kept },
    ];
    const refuse = async ({ role, file, code, named }: (typeof refusals)[number]) => {
      const refused = ServiceProcess.spawn({
        environment: { ...environment, CRYPTOFLOW_ROLE: role, DATABASE_URL: `sqlite:${file}` },
      });
      expect(await refused.exited, `${role} ${file}`).toEqual({ code: 1, signal: null });
      expect(refused.events('service.failed')).toMatchObject([{ error: { code } }]);
      const { message } = refused.events('service.failed')[0]!['error'] as { message: string };
      expect(message).toContain(named);
      expect(message).toMatch(/DATABASE_URL/);
      expect(message).toMatch(/write/);
    };
    await Promise.all(refusals.map(refuse));
  },
  60_000,
);
