import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operationsOf, type Documented, type OpenApiDocument } from '../support/client/document.js';
import { fuzzRequest } from '../support/client/fuzz-requests.js';
import { RawClient, type RawAnswer, type RawRequest } from '../support/client/raw-request.js';
import { ServiceProcess } from '../support/service-process.js';

/** Requests in all, and how many of them are on their way at once. */
const REQUESTS = Number(process.env['CRYPTOFLOW_FUZZ_RUNS'] ?? 10_000);
const AT_ONCE = 16;
const SEED = Number(process.env['CRYPTOFLOW_FUZZ_SEED'] ?? 20_261_122);
/** Until an answer has come, whatever else the machine does. */
const PATIENCE_MS = 30_000;
/** How much more memory the second half may take than the first one did. */
const GROWTH = 1.3;

let service: ServiceProcess;
let client: RawClient;
let requests: fc.Arbitrary<RawRequest>;
/** What took longest to be answered. */
let slowest = { ms: 0, what: '' };

beforeAll(async () => {
  const environment = {
    CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m simulator:DOGE/USDT@1h',
    CRYPTOFLOW_BACKFILL: '12h',
  };
  const collector = await ServiceProcess.start({ environment });
  await collector.poll('/api/v1/series', ({ body }) =>
    body.series.some(({ symbol, count }: { symbol: string; count: number }) => {
      return symbol === 'BTC/USDT' && count >= 700;
    }),
  );
  await collector.stop();
  // What is asked to be collected is written down, and collected by nobody: it would never come to an end.
  const { directory } = collector;
  service = await ServiceProcess.start({
    directory,
    environment: { ...environment, CRYPTOFLOW_ROLE: 'api' },
  });
  await service.event('service.ready');
  client = new RawClient(service.url, { connections: AT_ONCE, timeoutMs: PATIENCE_MS });
  const document = (await service.get('/docs/openapi.json')).body as OpenApiDocument;
  requests = fuzzRequest(operationsOf(document).map(spareCandles));
});

afterAll(() => client?.close());

it(`nothing that is asked breaks it: ${REQUESTS} requests, seed ${SEED}`, { timeout: 600_000 }, async () => {
  const memory: number[] = [];
  const statuses = new Map<number, number>();
  const batch = fc.array(requests, { minLength: AT_ONCE, maxLength: AT_ONCE });
  const property = fc.asyncProperty(batch, async (sent) => {
    const answers = await Promise.all(sent.map((one) => answerTo(one)));
    for (const [index, answer] of answers.entries()) {
      expectSound(sent[index]!, answer);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
    if (memory.length * 50 < [...statuses.values()].reduce((a, b) => a + b, 0))
      memory.push(await residentMb());
  });
  await fc.assert(property, { seed: SEED, numRuns: Math.ceil(REQUESTS / AT_ONCE), endOnFailure: false });

  // Caches fill, and code is compiled, in the first quarter.
  const warm = memory.slice(memory.length / 4);
  const [first, second] = [warm.slice(0, warm.length / 2), warm.slice(warm.length / 2)].map(median);
  console.log(
    `fuzz: ${JSON.stringify(Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)))}, ` +
      `${first!.toFixed(0)} MB, then ${second!.toFixed(0)} MB; slowest: ${slowest.ms} ms, ${slowest.what}`,
  );
  expect(second!).toBeLessThan(first! * GROWTH);
  // Enough of them have come as far as an answer that the rest of the code made.
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 10);
  expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 10);

  const path = '/api/v1/candles?exchange=simulator&symbol=BTC/USDT&interval=1m&limit=2';
  expect((await service.get(path)).body.candles).toHaveLength(2);
  expect(service.exit).toBeUndefined();
  expect(service.stderr).toBe('');
  expect(service.events('http.request.failed')).toEqual([]);
});

/** What is removed are series that were made meanwhile, and not the one whose candles are read. */
function spareCandles(one: Documented): Documented {
  if (one.operation.operationId !== 'deleteSeries') return one;
  const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
  const parameters = one.operation.parameters!.map((parameter) =>
    parameter.name === 'id'
      ? { ...parameter, schema: { ...parameter.schema, enum: ids } }
      : { ...parameter, example: 'simulator:ETH/USDT@1m' },
  );
  return { ...one, operation: { ...one.operation, parameters } };
}

async function answerTo(request: RawRequest): Promise<RawAnswer> {
  const begun = performance.now();
  try {
    const answer = await client.send(request);
    const ms = Math.round(performance.now() - begun);
    if (ms > slowest.ms) slowest = { ms, what: told(request) };
    return answer;
  } catch (error) {
    throw new Error(`no answer to ${told(request)}`, { cause: error });
  }
}

function expectSound(request: RawRequest, { status, headers, body }: RawAnswer): void {
  const text = body.toString();
  const what = `${told(request)}\n${status} ${text.slice(0, 500)}`;
  // That one is a report, and no refusal.
  if (status === 503 && request.path.startsWith('/api/health')) return;
  if (status >= 500) expect([status, headers['retry-after']], what).toEqual([503, expect.any(String)]);
  // Nothing of its inside.
  if (status >= 400) expect(text, what).not.toMatch(/node_modules|\.[jt]s:\d+|SQLITE_|\bat \w+\.\w+ \(/);
  if (headers['content-encoding'] !== undefined || request.method === 'HEAD') return;
  if (/json\b/.test(headers['content-type'] ?? '') && body.length > 0)
    expect(() => JSON.parse(text), what).not.toThrow();
  if (headers['content-type']?.startsWith('application/problem+json')) {
    expect(JSON.parse(text).status, what).toBe(status);
  }
}

function told({ method, path, headers, body }: RawRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${body?.slice(0, 200) ?? ''}`;
}

async function residentMb(): Promise<number> {
  const { text } = await service.get('/metrics');
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)![1]) / 1024 / 1024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
