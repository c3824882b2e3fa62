import { z } from 'zod';
import { named, told } from '../components.js';

const report = z.looseObject({
  status: told(z.enum(['up', 'down', 'degraded']), '`degraded`: it answers, and something wants a look.'),
});
const reports = z.record(z.string(), report);

export const healthReport = named(
  'HealthReport',
  z.object({
    status: told(z.enum(['ok', 'error', 'degraded', 'shutting_down']), 'The worst of the parts.'),
    info: told(reports, 'The parts that are well, by name.'),
    error: told(reports, 'The parts that are down.'),
    details: told(reports, 'All parts.'),
  }),
);

export const metricsText = told(z.string(), "Prometheus' text format.");
export const documentAnswer = told(z.looseObject({ openapi: z.string() }), 'An OpenAPI 3.1 document.');
export const page = told(z.string(), 'HTML.');
export const file = told(z.string(), 'The file.');
export const eventStream = told(
  z.string(),
  'Server-sent events: `forming`, `closed` and `revised` with a candle; `gap` where events may be missing; `end`.',
);
