import { z } from 'zod';
import type { JsonValue } from './types';

/** Any JSON. There is nothing to check: `plainData` has made all data plain before a schema sees them. */
export const jsonValue = z.custom<JsonValue>();
