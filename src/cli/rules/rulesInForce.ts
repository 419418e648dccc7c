import { type Config, ConfigError, parseConfig } from '../../config/config';
import { RuleSet } from '../../rules/ruleSet';
import { CommandError, EXIT } from '../commandError';
import { readConfig } from '../readConfig';
import { placeOf } from '../validate';
import { readNamedTexts, readRuleFiles } from './ruleFiles';

/** Options of commands that read rules. */
export interface RuleOptions {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly bucket?: string;
  readonly project?: string;
}

/** Valid rules, with their configuration. */
export interface RulesInForce {
  readonly rules: RuleSet;
  readonly config: Config;
  /** False: there is no configuration, so names of buckets and folders are placeholders. */
  readonly configured: boolean;
}

/** Project of jobs when neither options nor environment name one. */
const NO_PROJECT = 'project';

/**
 * Reads the rules of `--rules`, else those of the configuration.
 *
 * @throws CommandError when there are none, or one is invalid.
 */
export async function rulesInForce(options: RuleOptions): Promise<RulesInForce> {
  const given = await configOf(options);
  const sources = options.rules ?? (given ? [given.rulesUrl] : undefined);
  if (!sources) throw new CommandError('no rules', 'give --rules FILE, FOLDER or URL, or --config');
  const files = await readRuleFiles(sources);
  const { texts, unread } = await readNamedTexts(files);
  const resources = new Map([...unread.map((url) => [url, `-- text of ${url}`] as const), ...texts]);
  const rules = RuleSet.empty.withAll(files, resources);
  const [problem] = rules.problems;
  if (problem) {
    const more = rules.problems.length > 1 ? ` (and ${rules.problems.length - 1} more)` : '';
    throw new CommandError(
      `${placeOf(problem)}: ${problem.message}${more}`,
      `bqtail validate ${sources.join(' ')} lists all of them`,
      EXIT.found,
    );
  }
  return { rules, config: given ?? placeholderConfig(options), configured: given !== undefined };
}

async function configOf({ config, bucket, project }: RuleOptions): Promise<Config | undefined> {
  if (config === undefined && !process.env['CONFIG']) return undefined;
  const read = await readConfig(config);
  return { ...read, triggerBucket: bucket ?? read.triggerBucket, projectId: project ?? read.projectId };
}

function placeholderConfig({ bucket, project }: RuleOptions): Config {
  const ops = 'gs://operations/BqTail';
  const given = {
    ProjectID: project,
    TriggerBucket: bucket,
    RulesURL: '.',
    AsyncTaskURL: `${ops}/Tasks`,
    JournalURL: `${ops}/Journal`,
    ErrorURL: `${ops}/errors`,
    CorruptedFileURL: `${ops}/Corrupted`,
  };
  try {
    return parseConfig(JSON.stringify(given), 'the defaults');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return parseConfig(JSON.stringify({ ...given, ProjectID: NO_PROJECT }), 'the defaults');
  }
}

/**
 * The URL of a data file that is given by URL or by its path in the trigger bucket.
 *
 * @throws CommandError when the text is neither.
 */
export function dataFileUrl(text: string, { config, configured }: RulesInForce, bucket: string | undefined): string {
  if (/^gs:\/\/[^/]+\/./.test(text)) return text;
  if (/^[a-z0-9+.-]+:\/\//i.test(text))
    throw new CommandError(`${text}: not a file in Cloud Storage`, 'give gs://bucket/path');
  if (!configured && bucket === undefined)
    throw new CommandError(`${text}: unknown bucket`, 'give gs://bucket/path, --bucket NAME or --config');
  return `gs://${config.triggerBucket}/${text.replace(/^\/+/, '')}`;
}
