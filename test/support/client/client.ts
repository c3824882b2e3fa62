import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.js';

export type ApiClient = Client<paths>;

/** What a program would use that is written against the OpenAPI document. Each path, parameter and answer has its type. */
export function apiClient(url: string, headers: Readonly<Record<string, string>> = {}): ApiClient {
  return createClient<paths>({ baseUrl: url, headers: { ...headers } });
}
