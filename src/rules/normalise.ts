import { actionsOf } from './normaliseActions';
import { destinationOf } from './normaliseDestination';
import type { FileBatch, FileRule } from './rule';
import type { Batch, Rule, When } from './types';
import { DEFAULT_SETTLE_SEC, DEFAULT_WINDOW_SEC } from './windowSettings';

const MAX_RELOAD = 15;
const STALLED_SEC = 90 * 60;
const NANOS = 1_000_000_000;

/** Source of a rule. */
export interface RuleOrigin {
  readonly url: string;
  readonly position: number;
  /** Unique in the file: see `ruleNames`. */
  readonly name: string;
  /** Whether the file is JSON: `Batch.Window.Duration` is read in JSON files only, as in viant/bqtail. */
  readonly json: boolean;
}

/** The normalised rule for a checked rule of a file: defaults are applied, legacy keys are mapped. */
export function normalise(rule: FileRule, origin: RuleOrigin): Rule {
  const dest = rule.Dest ?? {};
  return {
    id: `${origin.url}#${origin.name}`,
    url: origin.url,
    position: origin.position,
    disabled: rule.Disabled ?? false,
    async: rule.Async ?? false,
    when: whenOf(rule),
    dest: destinationOf(dest),
    batch: rule.Batch && batchOf(rule.Batch, origin.json),
    onSuccess: actionsOf(rule.OnSuccess),
    onFailure: actionsOf(rule.OnFailure),
    info: {
      workflow: rule.Info?.Workflow || workflowOf(origin.url),
      description: rule.Info?.Description,
      projectUrl: rule.Info?.ProjectURL,
      leadEngineer: rule.Info?.LeadEngineer,
      url: origin.url,
    },
    maxReload: rule.MaxReload ?? MAX_RELOAD,
    stalledThresholdInSec: rule.StalledThresholdInSec || STALLED_SEC,
    backfillEveryInSec: rule.BackfillEveryInSec,
    corruptedFileUrl: rule.CorruptedFileURL || undefined,
    invalidSchemaUrl: rule.InvalidSchemaURL || undefined,
  };
}

/** The conditions of a rule, with defaults applied. */
export function whenOf({ When, Dest }: FileRule): When {
  return {
    prefix: When?.Prefix ?? '',
    suffix: When?.Suffix ?? '',
    filter: When?.Filter || Dest?.Pattern || undefined,
    exclusion: When?.Exclusion || undefined,
    directory: When?.Directory ?? false,
  };
}

function batchOf(batch: FileBatch, json: boolean): Batch {
  const { DurationInSec, Duration, MaxFiles, MaxSizeInMb, Until, SettleInSec, Seal } = batch.Window ?? {};
  const fromNanos = json && Duration ? Math.floor(Duration / NANOS) : undefined;
  return {
    window: {
      durationInSec: DurationInSec || fromNanos || DEFAULT_WINDOW_SEC,
      maxFiles: MaxFiles,
      maxSizeInMb: MaxSizeInMb,
      until: Until,
      settleInSec: SettleInSec ?? DEFAULT_SETTLE_SEC,
      seal: Seal,
    },
    rollOver: batch.RollOver ?? false,
    multiPath: batch.MultiPath ?? false,
    maxDelayInSec: batch.MaxDelayInSec ?? 0,
    usePatternHash: batch.UsePatternHash ?? false,
    group: batch.Group && {
      durationInSec: batch.Group.DurationInSec ?? 0,
      onDone: actionsOf(batch.Group.OnDone),
    },
  };
}

function workflowOf(url: string): string {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
