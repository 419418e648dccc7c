import { ELEMENT } from '../duckdb/lambda';
import type { FunctionTable } from './signatures';

/** Functions of STRING and BYTES. */
export const STRING_FUNCTIONS: FunctionTable = {
  ASCII: [['STRING -> INT64', 'bq_ascii($1)']],
  BYTE_LENGTH: [
    ['STRING -> INT64', 'strlen($1)'],
    ['BYTES -> INT64', 'octet_length($1)'],
  ],
  OCTET_LENGTH: [
    ['STRING -> INT64', 'strlen($1)'],
    ['BYTES -> INT64', 'octet_length($1)'],
  ],
  CHAR_LENGTH: [['STRING -> INT64', 'length($1)']],
  CHARACTER_LENGTH: [['STRING -> INT64', 'length($1)']],
  LENGTH: [
    ['STRING -> INT64', 'length($1)'],
    ['BYTES -> INT64', 'octet_length($1)'],
  ],
  CHR: [['INT64 -> STRING', 'bq_chr($1)']],
  CODE_POINTS_TO_STRING: [['ARRAY<INT64> -> STRING', 'bq_code_points_to_string($1)']],
  CODE_POINTS_TO_BYTES: [['ARRAY<INT64> -> BYTES', 'bq_code_points_to_bytes($1)']],
  TO_CODE_POINTS: [
    ['STRING -> ARRAY<INT64>', 'bq_to_code_points($1)'],
    ['BYTES -> ARRAY<INT64>', 'bq_bytes_to_code_points($1)'],
  ],
  UNICODE: [['STRING -> INT64', 'bq_unicode($1)']],
  CONCAT: [
    ['STRING STRING... -> STRING', 'bq_concat([$*])'],
    ['BYTES BYTES... -> BYTES', 'bq_concat_bytes([$*])'],
  ],
  ENDS_WITH: [
    ['STRING STRING -> BOOL', 'suffix($1, $2)'],
    ['BYTES BYTES -> BOOL', 'bq_bytes_ends_with($1, $2)'],
  ],
  STARTS_WITH: [
    ['STRING STRING -> BOOL', 'prefix($1, $2)'],
    ['BYTES BYTES -> BOOL', 'bq_bytes_starts_with($1, $2)'],
  ],
  FROM_BASE32: [['STRING -> BYTES', 'bq_from_base32($1)']],
  FROM_BASE64: [['STRING -> BYTES', 'bq_from_base64($1)']],
  FROM_HEX: [['STRING -> BYTES', 'bq_from_hex($1)']],
  TO_BASE32: [['BYTES -> STRING', 'bq_to_base32($1)']],
  TO_BASE64: [['BYTES -> STRING', 'bq_to_base64($1)']],
  TO_HEX: [['BYTES -> STRING', 'bq_to_hex($1)']],
  INITCAP: [
    ['STRING -> STRING', 'bq_initcap($1)'],
    ['STRING STRING -> STRING', 'bq_initcap_by($1, $2)'],
  ],
  INSTR: [
    ['STRING STRING INT64? INT64? -> INT64', 'bq_instr($1, $2, {3|1::BIGINT}, {4|1::BIGINT})'],
    ['BYTES BYTES INT64? INT64? -> INT64', 'bq_bytes_instr($1, $2, {3|1::BIGINT}, {4|1::BIGINT})'],
  ],
  STRPOS: [
    ['STRING STRING -> INT64', 'strpos($1, $2)'],
    ['BYTES BYTES -> INT64', 'bq_bytes_instr($1, $2, 1::BIGINT, 1::BIGINT)'],
  ],
  LEFT: [
    ['STRING INT64 -> STRING', 'bq_left($1, $2)'],
    ['BYTES INT64 -> BYTES', 'bq_bytes_left($1, $2)'],
  ],
  RIGHT: [
    ['STRING INT64 -> STRING', 'bq_right($1, $2)'],
    ['BYTES INT64 -> BYTES', 'bq_bytes_right($1, $2)'],
  ],
  LOWER: [
    ['STRING -> STRING', 'bq_lower($1)'],
    ['BYTES -> BYTES', 'bq_bytes_lower($1)'],
  ],
  UPPER: [
    ['STRING -> STRING', 'bq_upper($1)'],
    ['BYTES -> BYTES', 'bq_bytes_upper($1)'],
  ],
  LPAD: [
    ['STRING INT64 STRING? -> STRING', "bq_pad($1, $2, {3|' '}, true)"],
    ['BYTES INT64 BYTES? -> BYTES', "bq_pad_bytes($1, $2, {3|' '::BLOB}, true)"],
  ],
  RPAD: [
    ['STRING INT64 STRING? -> STRING', "bq_pad($1, $2, {3|' '}, false)"],
    ['BYTES INT64 BYTES? -> BYTES', "bq_pad_bytes($1, $2, {3|' '::BLOB}, false)"],
  ],
  TRIM: [
    ['STRING STRING? -> STRING', "bq_trim($1, {2|''}, 'both')"],
    ['BYTES BYTES -> BYTES', "bq_trim_bytes($1, $2, 'both')"],
  ],
  LTRIM: [
    ['STRING STRING? -> STRING', "bq_trim($1, {2|''}, 'left')"],
    ['BYTES BYTES -> BYTES', "bq_trim_bytes($1, $2, 'left')"],
  ],
  RTRIM: [
    ['STRING STRING? -> STRING', "bq_trim($1, {2|''}, 'right')"],
    ['BYTES BYTES -> BYTES', "bq_trim_bytes($1, $2, 'right')"],
  ],
  NORMALIZE: [['STRING -> STRING', "bq_normalize($1, 'NFC', false)"]],
  NORMALIZE_AND_CASEFOLD: [['STRING -> STRING', "bq_normalize($1, 'NFC', true)"]],
  REGEXP_CONTAINS: [
    ['STRING STRING -> BOOL', 'bq_regexp_contains($1, $2)'],
    ['BYTES BYTES -> BOOL', 'bq_regexp_contains(bq_latin($1), bq_latin($2))'],
  ],
  REGEXP_EXTRACT: [
    ['STRING STRING INT64? INT64? -> STRING', 'bq_regexp_extract($1, $2, {3|1::BIGINT}, {4|1::BIGINT})'],
    [
      'BYTES BYTES INT64? INT64? -> BYTES',
      'bq_unlatin(bq_regexp_extract(bq_latin($1), bq_latin($2), {3|1::BIGINT}, {4|1::BIGINT}))',
    ],
  ],
  REGEXP_SUBSTR: [
    ['STRING STRING INT64? INT64? -> STRING', 'bq_regexp_extract($1, $2, {3|1::BIGINT}, {4|1::BIGINT})'],
    [
      'BYTES BYTES INT64? INT64? -> BYTES',
      'bq_unlatin(bq_regexp_extract(bq_latin($1), bq_latin($2), {3|1::BIGINT}, {4|1::BIGINT}))',
    ],
  ],
  REGEXP_EXTRACT_ALL: [
    ['STRING STRING -> ARRAY<STRING>', 'bq_regexp_extract_all($1, $2)'],
    [
      'BYTES BYTES -> ARRAY<BYTES>',
      `list_transform(bq_regexp_extract_all(bq_latin($1), bq_latin($2)), lambda ${ELEMENT}: bq_unlatin(${ELEMENT}))`,
    ],
  ],
  REGEXP_INSTR: [
    [
      'STRING STRING INT64? INT64? INT64? -> INT64',
      'bq_regexp_instr($1, $2, {3|1::BIGINT}, {4|1::BIGINT}, {5|0::BIGINT})',
    ],
    [
      'BYTES BYTES INT64? INT64? INT64? -> INT64',
      'bq_regexp_instr(bq_latin($1), bq_latin($2), {3|1::BIGINT}, {4|1::BIGINT}, {5|0::BIGINT})',
    ],
  ],
  REGEXP_REPLACE: [
    ['STRING STRING STRING -> STRING', 'bq_regexp_replace($1, $2, $3)'],
    ['BYTES BYTES BYTES -> BYTES', 'bq_unlatin(bq_regexp_replace(bq_latin($1), bq_latin($2), bq_latin($3)))'],
  ],
  REPEAT: [
    ['STRING INT64 -> STRING', 'bq_repeat($1, $2)'],
    ['BYTES INT64 -> BYTES', 'bq_repeat_bytes($1, $2)'],
  ],
  REPLACE: [
    ['STRING STRING STRING -> STRING', 'bq_replace($1, $2, $3)'],
    ['BYTES BYTES BYTES -> BYTES', 'bq_replace_bytes($1, $2, $3)'],
  ],
  REVERSE: [
    ['STRING -> STRING', 'bq_reverse($1)'],
    ['BYTES -> BYTES', 'bq_reverse_bytes($1)'],
  ],
  SAFE_CONVERT_BYTES_TO_STRING: [['BYTES -> STRING', 'bq_safe_bytes_to_text($1)']],
  SOUNDEX: [['STRING -> STRING', 'bq_soundex($1)']],
  SPLIT: [
    ['STRING STRING? -> ARRAY<STRING>', "bq_split($1, {2|','})"],
    ['BYTES BYTES -> ARRAY<BYTES>', 'bq_split_bytes($1, $2)'],
  ],
  SUBSTR: [
    ['STRING INT64 INT64? -> STRING', 'bq_substr($1, $2, {3|9223372036854775807})'],
    ['BYTES INT64 INT64? -> BYTES', 'bq_substr_bytes($1, $2, {3|9223372036854775807})'],
  ],
  SUBSTRING: [
    ['STRING INT64 INT64? -> STRING', 'bq_substr($1, $2, {3|9223372036854775807})'],
    ['BYTES INT64 INT64? -> BYTES', 'bq_substr_bytes($1, $2, {3|9223372036854775807})'],
  ],
  TRANSLATE: [
    ['STRING STRING STRING -> STRING', 'bq_translate($1, $2, $3)'],
    ['BYTES BYTES BYTES -> BYTES', 'bq_unlatin(bq_translate(bq_latin($1), bq_latin($2), bq_latin($3)))'],
  ],
  EDIT_DISTANCE: [
    ['STRING STRING max_distance:INT64? -> INT64', 'bq_edit_distance($1, $2, {3|9223372036854775807})'],
    [
      'BYTES BYTES max_distance:INT64? -> INT64',
      'bq_edit_distance(bq_latin($1), bq_latin($2), {3|9223372036854775807})',
    ],
  ],
  MD5: [
    ['STRING -> BYTES', "bq_hash(encode($1), 'md5')"],
    ['BYTES -> BYTES', "bq_hash($1, 'md5')"],
  ],
  SHA1: [
    ['STRING -> BYTES', "bq_hash(encode($1), 'sha1')"],
    ['BYTES -> BYTES', "bq_hash($1, 'sha1')"],
  ],
  SHA256: [
    ['STRING -> BYTES', "bq_hash(encode($1), 'sha256')"],
    ['BYTES -> BYTES', "bq_hash($1, 'sha256')"],
  ],
  SHA512: [
    ['STRING -> BYTES', "bq_hash(encode($1), 'sha512')"],
    ['BYTES -> BYTES', "bq_hash($1, 'sha512')"],
  ],
  FARM_FINGERPRINT: [
    ['STRING -> INT64', 'bq_farm_fingerprint(encode($1))'],
    ['BYTES -> INT64', 'bq_farm_fingerprint($1)'],
  ],
  'NET.HOST': [['STRING -> STRING', 'bq_net_host($1)']],
  'NET.PUBLIC_SUFFIX': [['STRING -> STRING', 'bq_net_public_suffix($1)']],
  'NET.REG_DOMAIN': [['STRING -> STRING', 'bq_net_reg_domain($1)']],
  'NET.IP_FROM_STRING': [['STRING -> BYTES', 'bq_net_ip_from_string($1)']],
  'NET.SAFE_IP_FROM_STRING': [['STRING -> BYTES', '?bq_net_ip_from_string($1)']],
  'NET.IP_TO_STRING': [['BYTES -> STRING', 'bq_net_ip_to_string($1)']],
  'NET.IPV4_FROM_INT64': [['INT64 -> BYTES', 'bq_net_ipv4_from_int($1)']],
  'NET.IPV4_TO_INT64': [['BYTES -> INT64', 'bq_net_ipv4_to_int($1)']],
  'NET.IP_NET_MASK': [['INT64 INT64 -> BYTES', 'bq_net_mask($1, $2)']],
  'NET.IP_TRUNC': [['BYTES INT64 -> BYTES', 'bq_net_trunc($1, $2)']],
  GENERATE_UUID: [[' -> STRING', 'CAST(uuid() AS VARCHAR)']],
};
