import { z } from 'zod';
import { jsonValue } from './jsonValue';
import { loadAttributes } from './loadAttributes';

/**
 * The schema of a rule file, with keys in the documented spelling. It is the only definition: rules are parsed and checked by it,
 * and the JSON Schema is made from it. Required keys are listed as `required` in the metadata and checked in `checks/`, so
 * that a missing key does not hide other problems.
 */
const text = z.string();
const flag = z.boolean();
const count = z.int().min(0);
const table = z.string().meta({ description: 'Table: [project:]dataset.table' });

const when = z
  .object({
    Prefix: text.optional().describe('The path must start with it; starts with /'),
    Suffix: text.optional().describe('The path must end with it'),
    Filter: text.optional().describe('RE2 regular expression that must match in the path; default: Dest.Pattern'),
    Exclusion: text.optional().describe('RE2 regular expression that must not match in the path'),
    Directory: flag.optional().describe('true: the rule matches no file'),
  })
  .meta({ description: 'Which files to load; all given conditions must hold' });

const splitMapping = z
  .object({
    When: text.optional().describe('SQL condition on a row'),
    Then: text.optional().describe('Destination table of these rows; expanded as Dest.Table'),
  })
  .meta({ required: ['When', 'Then'] });

const split = z
  .object({
    TimeColumn: text.optional().describe('Default: ts; only with ClusterColumns'),
    ClusterColumns: z.array(text).optional(),
    Mapping: z.array(splitMapping).optional(),
  })
  .meta({ description: 'Distributes rows to several tables by conditions', required: ['Mapping'] });

const destinationSchema = z.object({
  Template: table.optional().describe('Table whose schema the destination gets, when it is created or by a patch'),
  Autodetect: flag.optional(),
  Split: split.optional(),
});

const balancer = z.object({
  Strategy: text.optional().meta({ description: 'rand or fallback', examples: ['rand', 'fallback'] }),
  ProjectIDs: z.array(text).optional(),
  MaxLoadJobs: count.optional(),
});

export const copyMethods = ['COPY', 'QUERY', 'DML'] as const;

const transient = z
  .object({
    Dataset: text.optional().describe('Dataset of the temporary tables'),
    ProjectID: text.optional().describe('Project of the temporary tables and of all jobs'),
    Region: text.optional().describe('Location of the dataset if it must be created; default: US'),
    Alias: text.optional().describe('Alias of the temporary table in SQL; default: t'),
    Template: table.optional().describe('Schema of the temporary table'),
    CopyMethod: z.enum(copyMethods, { error: 'CopyMethodInvalid' }).optional(),
    Criteria: text.optional().describe('WHERE condition of the copy'),
    Balancer: balancer.optional(),
  })
  .meta({ description: 'Loads into a temporary table first', required: ['Dataset'] });

const sideInput = z
  .object({
    Table: table.optional(),
    From: text.optional().describe('SQL query, instead of Table'),
    Alias: text.optional(),
    On: text.optional().describe('Join condition; must contain both aliases'),
    Inner: flag.optional().describe('true: JOIN; default: LEFT JOIN'),
  })
  .meta({ required: ['Alias', 'On'] });

const parameter = z
  .object({
    Name: text.optional(),
    Expression: text.optional().describe('Text with $1, $2, … and functions such as $ToUpper($1)'),
  })
  .meta({ required: ['Name'] });

const destination = z
  .object({
    Table: table
      .optional()
      .describe('Destination table; $Mod(n), $Date, $Hour, $1, $2, …, parameters, $EventID, $GroupID'),
    Partition: text.optional().describe('Partition of the destination, e.g. $Date; expanded as Table'),
    Pattern: text.optional().describe('RE2 regular expression whose groups are $1, $2, …'),
    Parameters: z.array(parameter).optional(),
    Schema: destinationSchema.optional(),
    Transient: transient.optional(),
    TransientDataset: text.optional().meta({ description: 'Use Transient.Dataset', deprecated: true }),
    UniqueColumns: z.array(text).optional().describe('Key columns for deduplication'),
    Transform: z.record(text, text).optional().describe('SQL expressions by column'),
    SideInputs: z.array(sideInput).optional().describe('Tables to join with the loaded rows'),
    Override: flag.optional().describe('true: truncate the table; false: append'),
    AllowFieldAddition: flag.optional().describe('true: add new fields of the data to the table'),
    Expiry: text.optional().describe('Lifetime of the table, e.g. 2hours'),
    ...loadAttributes.shape,
  })
  .meta({ required: ['Table'] });

/** One action with its nested actions. */
export const action = z
  .object({
    Action: text.optional(),
    When: z.object({ Exists: text.optional().describe('Run the action only if this table exists') }).optional(),
    Request: z.record(text, jsonValue).optional(),
    get OnSuccess() {
      return z.array(action).optional();
    },
    get OnFailure() {
      return z.array(action).optional();
    },
  })
  .meta({ id: 'Action', required: ['Action'] });

const window = z.object({
  DurationInSec: count.optional().describe('Length of the window in seconds; default: 95'),
  Duration: count.optional().meta({ description: 'Length in nanoseconds; JSON only', deprecated: true }),
  MaxFiles: z.int().min(1).optional().describe('The batch is sealed early when it has this number of files'),
  MaxSizeInMb: z
    .number()
    .positive()
    .optional()
    .describe('The batch is sealed early when its files have this total size'),
  Until: text.optional().describe('Name of an object, such as _SUCCESS, whose arrival seals the batch'),
  SettleInSec: z
    .number()
    .min(0)
    .optional()
    .describe('Seconds to wait for late events after the window is due; default: 5'),
  Seal: flag
    .optional()
    .describe(
      'true: list the folders once when the window is due; default: only if OnSuccess deletes or moves the files',
    ),
});

const batch = z
  .object({
    Window: window.optional(),
    RollOver: flag.optional(),
    MultiPath: flag.optional().describe('true: one window for files of many folders'),
    MaxDelayInSec: count.optional(),
    UsePatternHash: flag.optional().describe('true: values of the groups of Pattern are part of the window ID'),
    Group: z.object({ DurationInSec: count.optional(), OnDone: z.array(action).optional() }).optional(),
  })
  .meta({ description: 'Loads files together in time windows; {} is enough' });

const info = z.object({
  Workflow: text.optional(),
  Description: text.optional(),
  ProjectURL: text.optional(),
  LeadEngineer: text.optional(),
  URL: text.optional().describe('Ignored: bqtail sets it to the URL of the rule file'),
});

/** One rule of a file. */
export const fileRule = z
  .object({
    ID: text
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'IdInvalid')
      .optional()
      .describe('Name of the rule, unique in its file; default: a digest of When and Dest.Table'),
    Disabled: flag.optional(),
    Async: flag.optional(),
    When: when.optional(),
    Dest: destination.optional(),
    Batch: batch.optional(),
    OnSuccess: z.array(action).optional(),
    OnFailure: z.array(action).optional(),
    Info: info.optional(),
    StalledThresholdInSec: count
      .optional()
      .describe('Age in seconds at which a running process counts as stalled; default: 5400'),
    BackfillEveryInSec: z
      .int()
      .min(1)
      .optional()
      .describe(
        'How often, in seconds, to list the files of the rule and load those whose event was missed; default: never',
      ),
    CorruptedFileURL: text.optional(),
    InvalidSchemaURL: text.optional(),
    MaxReload: count.optional().describe('Maximum number of reloads after bad files were quarantined; default: 15'),
  })
  .meta({ id: 'Rule', required: ['Dest'] });

export type FileRule = z.infer<typeof fileRule>;
export type FileDestination = z.infer<typeof destination>;
export type FileAction = z.infer<typeof action>;
export type FileBatch = z.infer<typeof batch>;

export type { Rule } from './types';
