import { z } from 'zod';
import type { JsonValue } from './types';

/** Any JSON value. It needs no check, because all data went through `plainData` before. */
export const jsonValue = z.custom<JsonValue>();
