// Logs, in the format given, what a careless caller might: each secret of the configuration in every place.
import { Config } from '../../../dist/config/config.js';
import { PinoLog } from '../../../dist/logging/pino-log.js';

const config = Config.from(process.env);
const log = new PinoLog(config);

class RequestError extends Error {
  code = 'ECONNREFUSED';
}

const secrets = [...config.apiKeys];
const collect = (value) => {
  if (typeof value === 'string') secrets.push(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
};
collect(config.exchanges);

for (const secret of secrets) {
  const url = `https://exchange.example/?signature=${encodeURIComponent(secret)}`;
  const cause = new RequestError(`POST ${url} with ${JSON.stringify({ secret })}`);
  log.debug('test.text', { secret, message: `the key is ${secret}.` });
  log.info('test.url', { url, parsed: new URL(url), form: new URLSearchParams({ secret }).toString() });
  log.warn('test.nested', { list: [{ headers: { Authorization: `Bearer ${secret}` } }], [secret]: 1 });
  log.error('test.error', { error: new Error(`failed: ${secret}`, { cause }) });
  log.error('test.thrown', { error: secret });
  log.error('test.body', { body: JSON.stringify({ request: JSON.stringify({ secret }) }) });
}
log.error('test.options', { config, exchanges: config.exchanges });
