import { BYTES_FUNCTIONS } from './bytes';
import { CHAR_FORMAT_FUNCTIONS } from './charFormat';
import { DATETIME_FUNCTIONS } from './datetime';
import { DECIMAL_FUNCTIONS } from './decimals';
import type { RuntimeFunction } from './define';
import { FLOAT_FUNCTIONS } from './floats';
import { FORMAT_FUNCTIONS } from './format';
import { INTERVAL_FUNCTIONS } from './intervals';
import { JSON_RUNTIME } from './json';
import { JSON_TREE_FUNCTIONS } from './jsonTrees';
import { NETWORK_FUNCTIONS } from './networks';
import { RANGE_FUNCTIONS } from './ranges';
import { REGEXP_FUNCTIONS } from './regexps';
import { SEARCH_FUNCTIONS } from './search';
import { TEXT_FUNCTIONS } from './text';
import { TIME_TEXT_FUNCTIONS } from './timeFunctions';
import { TO_JSON_FUNCTIONS } from './toJson';

/** All TypeScript functions that translated SQL calls. */
export const RUNTIME: readonly RuntimeFunction[] = [
  ...TEXT_FUNCTIONS,
  ...BYTES_FUNCTIONS,
  ...NETWORK_FUNCTIONS,
  ...RANGE_FUNCTIONS,
  ...REGEXP_FUNCTIONS,
  ...FLOAT_FUNCTIONS,
  ...DECIMAL_FUNCTIONS,
  ...DATETIME_FUNCTIONS,
  ...TIME_TEXT_FUNCTIONS,
  ...CHAR_FORMAT_FUNCTIONS,
  ...INTERVAL_FUNCTIONS,
  ...JSON_RUNTIME,
  ...JSON_TREE_FUNCTIONS,
  ...TO_JSON_FUNCTIONS,
  ...FORMAT_FUNCTIONS,
  ...SEARCH_FUNCTIONS,
];
