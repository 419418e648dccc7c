import { z } from 'zod';
import { jsonValue } from './jsonValue';
import { loadAttributes } from './loadAttributes';

/**
 * The rule file as its author writes it (spec 1, section 2), in the documented spelling of the keys: the one definition
 * that reads, checks and describes (JSON Schema) rules. What must be present is told by `required` in the metadata and
 * checked in `checks/`, so that one missing field hides no other problem.
 */
const text = z.string();
const flag = z.boolean();
const count = z.int().min(0);
const table = z.string().meta({ description: 'Table: [project:]dataset.table' });

const when = z
  .object({
    Prefix: text.optional().describe('The path starts with it; begins with a slash'),
    Suffix: text.optional().describe('The path ends with it'),
    Filter: text.optional().describe('RE2 regular expression found in the path; default Dest.Pattern'),
    Exclusion: text.optional().describe('RE2 regular expression not found in the path'),
    Directory: flag.optional().describe('true matches no file'),
  })
  .meta({ description: 'Which files; all conditions given must hold' });

const splitMapping = z
  .object({
    When: text.optional().describe('SQL condition'),
    Then: text.optional().describe('Destination table; expanded as Dest.Table'),
  })
  .meta({ required: ['When', 'Then'] });

const split = z
  .object({
    TimeColumn: text.optional().describe('Default ts; only with ClusterColumns'),
    ClusterColumns: z.array(text).optional(),
    Mapping: z.array(splitMapping).optional(),
  })
  .meta({ description: 'Rows go to several tables by condition', required: ['Mapping'] });

const destinationSchema = z.object({
  Template: table.optional().describe('The destination is created from this table, or patched to it'),
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
    Region: text.optional().describe('Where the dataset is created when missing; default US'),
    Alias: text.optional().describe('Alias of the temporary table in SQL; default t'),
    Template: table.optional().describe('Schema of the temporary table'),
    CopyMethod: z.enum(copyMethods, { error: 'CopyMethodInvalid' }).optional(),
    Criteria: text.optional().describe('WHERE condition of the copy'),
    Balancer: balancer.optional(),
  })
  .meta({ description: 'Load into a temporary table first', required: ['Dataset'] });

const sideInput = z
  .object({
    Table: table.optional(),
    From: text.optional().describe('SQL in place of Table'),
    Alias: text.optional(),
    On: text.optional().describe('Join condition, with both aliases'),
    Inner: flag.optional().describe('JOIN in place of LEFT JOIN'),
  })
  .meta({ required: ['Alias', 'On'] });

const parameter = z
  .object({
    Name: text.optional(),
    Expression: text.optional().describe('Text with $1… and functions such as $ToUpper($1)'),
  })
  .meta({ required: ['Name'] });

const destination = z
  .object({
    Table: table.optional().describe('Destination table; $Mod(n), $Date, $Hour, $1…, parameters, $EventID, $GroupID'),
    Partition: text.optional().describe('Partition of the destination, e.g. $Date; expanded as Table'),
    Pattern: text.optional().describe('RE2 regular expression with groups for $1…; default When.Filter'),
    Parameters: z.array(parameter).optional(),
    Schema: destinationSchema.optional(),
    Transient: transient.optional(),
    TransientDataset: text.optional().meta({ description: 'Older form of Transient.Dataset', deprecated: true }),
    UniqueColumns: z.array(text).optional().describe('Keys by which rows are deduplicated'),
    Transform: z.record(text, text).optional().describe('Column to SQL expression'),
    SideInputs: z.array(sideInput).optional().describe('Tables joined to the loaded rows'),
    Override: flag.optional().describe('true truncates, false appends'),
    AllowFieldAddition: flag.optional().describe('New fields of the data are added to the table'),
    Expiry: text.optional().describe('Lifetime of the table, e.g. 2hours'),
    ...loadAttributes.shape,
  })
  .meta({ required: ['Table'] });

/** One action with those that follow it (spec 1, section 2.6). */
export const action = z
  .object({
    Action: text.optional(),
    When: z.object({ Exists: text.optional().describe('Run only if this table exists') }).optional(),
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
  DurationInSec: count.optional().describe('Length of the window; default 95'),
  Duration: count.optional().meta({ description: 'Length in nanoseconds; JSON only', deprecated: true }),
  MaxFiles: z.int().min(1).optional().describe('The batch closes early at this many files'),
  MaxSizeInMb: z.number().positive().optional().describe('The batch closes early at this size'),
  Until: text.optional().describe('Name of an object, such as _SUCCESS, that closes the batch when it arrives'),
  SettleInSec: z.number().min(0).optional().describe('Wait for late announcements past due; default 5'),
  Seal: flag.optional().describe('List the folders once at due; default: when the sources go away on success'),
});

const batch = z
  .object({
    Window: window.optional(),
    RollOver: flag.optional(),
    MultiPath: flag.optional().describe('One window over many folders'),
    MaxDelayInSec: count.optional(),
    UsePatternHash: flag.optional().describe('Values of the groups of Pattern are part of the window ID'),
    Group: z.object({ DurationInSec: count.optional(), OnDone: z.array(action).optional() }).optional(),
  })
  .meta({ description: 'Files gather in windows; {} is enough' });

const info = z.object({
  Workflow: text.optional(),
  Description: text.optional(),
  ProjectURL: text.optional(),
  LeadEngineer: text.optional(),
  URL: text.optional().describe('Set by the loader'),
});

/** One rule of a file. */
export const fileRule = z
  .object({
    Disabled: flag.optional(),
    Async: flag.optional(),
    When: when.optional(),
    Dest: destination.optional(),
    Batch: batch.optional(),
    OnSuccess: z.array(action).optional(),
    OnFailure: z.array(action).optional(),
    Info: info.optional(),
    StalledThresholdInSec: count.optional().describe('Default 5400'),
    BackfillEveryInSec: z
      .int()
      .min(1)
      .optional()
      .describe('List the files of the rule so often, and load those whose notification was missed; default never'),
    CorruptedFileURL: text.optional(),
    InvalidSchemaURL: text.optional(),
    MaxReload: count.optional().describe('Reloads after bad files were put aside; default 15'),
  })
  .meta({ id: 'Rule', required: ['Dest'] });

export type FileRule = z.infer<typeof fileRule>;
export type FileDestination = z.infer<typeof destination>;
export type FileAction = z.infer<typeof action>;
export type FileBatch = z.infer<typeof batch>;

export type { Rule } from './types';
