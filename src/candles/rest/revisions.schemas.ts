import { z } from 'zod';
import { limitSchema } from './candles.schemas.js';
import type { RevisionCursor } from '../revision-reader.js';

const CURSOR = /^(\d{1,16})-(-?\d{1,16})$/;

/** As it stands in `next` of one answer and in `before` of the request for the page after it. */
export function formatCursor({ revisedAt, openTime }: RevisionCursor): string {
  return `${revisedAt}-${openTime}`;
}

const cursor = z
  .string()
  .regex(CURSOR, { error: 'expected `next` of the page before' })
  .transform((text): RevisionCursor => {
    const [, revisedAt, openTime] = CURSOR.exec(text)!;
    return { revisedAt: Number(revisedAt), openTime: Number(openTime) };
  });

/** `GET /api/v1/series/{id}/revisions`. */
export const revisionsQuerySchema = z.strictObject({
  limit: limitSchema,
  before: cursor.optional(),
});

export type RevisionsQuery = z.infer<typeof revisionsQuerySchema>;
