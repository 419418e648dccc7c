import { transforms } from './checks/checkTransformation';
import { withFieldAddition } from './fieldAddition';
import { type LoadAttributes, loadAttributes } from './loadAttributes';
import type { FileDestination } from './rule';
import type { Destination, DestinationSchema, Transient } from './types';

/** The normalised destination for a checked destination of a file. */
export function destinationOf(dest: FileDestination): Destination {
  const transient = transientOf(dest);
  const intoPart = transient !== undefined || Boolean(dest.Partition) || /\$(?:\$|\d{4})/.test(dest.Table ?? '');
  const allowed = dest.AllowFieldAddition ?? false;
  return {
    table: dest.Table ?? '',
    partition: dest.Partition || undefined,
    pattern: dest.Pattern || undefined,
    parameters: (dest.Parameters ?? []).map(({ Name, Expression }) => ({
      name: Name ?? '',
      expression: Expression ?? '',
    })),
    schema: schemaOf(dest),
    transient,
    uniqueColumns: dest.UniqueColumns ?? [],
    transform: dest.Transform ?? {},
    sideInputs: (dest.SideInputs ?? []).map((input) => ({
      table: input.Table || undefined,
      from: input.From || undefined,
      alias: input.Alias ?? '',
      on: input.On ?? '',
      inner: input.Inner ?? false,
    })),
    override: dest.Override,
    allowFieldAddition: allowed,
    expiry: dest.Expiry || undefined,
    load: withFieldAddition(loadOf(dest), { allowed, override: dest.Override, intoPart }),
  };
}

/** The load attributes in Dest; the schema drops the other keys. An empty text counts as absent, as in Go. */
function loadOf(dest: FileDestination): LoadAttributes {
  const given = Object.fromEntries(Object.entries(dest).filter(([, value]) => value !== ''));
  return loadAttributes.parse(given);
}

function schemaOf({ Schema }: FileDestination): DestinationSchema {
  const split = Schema?.Split;
  const clusterColumns = split?.ClusterColumns ?? [];
  return {
    template: Schema?.Template || undefined,
    autodetect: Schema?.Autodetect ?? false,
    split: split && {
      timeColumn: clusterColumns.length > 0 ? split.TimeColumn || 'ts' : undefined,
      clusterColumns,
      mapping: (split.Mapping ?? []).map(({ When, Then }) => ({ when: When ?? '', table: Then ?? '' })),
    },
  };
}

function transientOf(dest: FileDestination): Transient | undefined {
  const given = dest.Transient ?? (dest.TransientDataset ? {} : undefined);
  if (given === undefined) return undefined;
  const method = given.CopyMethod ?? 'COPY';
  return {
    dataset: given.Dataset || (dest.TransientDataset ?? ''),
    projectId: given.ProjectID || undefined,
    region: given.Region || 'US',
    alias: given.Alias || 't',
    template: given.Template || undefined,
    copyMethod: method === 'COPY' && transforms(dest) ? 'QUERY' : method,
    criteria: given.Criteria || undefined,
    balancer: given.Balancer && {
      strategy: given.Balancer.Strategy === 'fallback' ? 'fallback' : 'rand',
      projectIds: given.Balancer.ProjectIDs ?? [],
      maxLoadJobs: given.Balancer.MaxLoadJobs ?? 0,
    },
  };
}
