import { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

export interface DocumentedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Json & { readonly enum?: readonly string[]; readonly examples?: readonly unknown[] };
  readonly example?: string;
}

interface Media {
  readonly schema: Json;
  readonly example: unknown;
}

export interface DocumentedAnswer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
  readonly parameters?: readonly DocumentedParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly responses: Readonly<Record<string, DocumentedAnswer>>;
  };
}

/** One method of one path. */
export interface Documented {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
}

export function operationsOf({ paths }: OpenApiDocument): Documented[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

export interface ExampleRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The request that the examples of an operation make together. */
export function exampleOf({ parameters = [], requestBody }: DocumentedOperation): ExampleRequest {
  const of = (place: string) =>
    Object.fromEntries(
      parameters.flatMap(({ in: where, name, example }) =>
        where === place && example !== undefined ? [[name, example]] : [],
      ),
    );
  return { path: of('path'), query: of('query'), body: requestBody?.content['application/json']?.example };
}

/** `/api/v1/series/1?limit=2` */
export function addressOf(path: string, request: Pick<ExampleRequest, 'path' | 'query'>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(request.path[name] ?? ''),
  );
  const query = new URLSearchParams(request.query).toString();
  return query === '' ? filled : `${filled}?${query}`;
}

/** What a key must be allowed to do, or null. */
export function scopeOf({ security }: DocumentedOperation): string | null {
  return security.flatMap((way) => Object.values(way).flat())[0] ?? null;
}

/** A check made of what the document says, and of nothing else. */
export function documentedCheck(document: OpenApiDocument, schema: Json): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}
