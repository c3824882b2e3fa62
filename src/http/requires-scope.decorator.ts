import { Reflector } from '@nestjs/core';
import type { Scope } from '../config/api-keys.js';

/**
 * What a key must be allowed to do for a route, or for all of a controller. Without it, GET and HEAD take `read`, and every
 * other method takes `write`.
 *
 * @example
 * ```ts
 * @Post(':id/pause')
 * @RequiresScope('write')
 * pause(@Param() { id }: SeriesParameters) {}
 * ```
 */
export const RequiresScope = Reflector.createDecorator<Scope>();
