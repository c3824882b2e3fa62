import type { z } from 'zod';

/** Schemas that stand in the document under a name of their own, by it. */
export const components = new Map<string, z.ZodType>();

/** Gives a schema its name in the document. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  components.set(id, schema);
  return schema;
}

/** A member with a description. */
export function told<T extends z.ZodType>(schema: T, description: string): T {
  return schema.meta({ description });
}
