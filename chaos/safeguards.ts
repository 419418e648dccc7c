import { randomUUID } from 'node:crypto';
import { BigQueryProjects } from '../src/activities/bigquery/bigQueryProjects';
import type { Dependencies } from '../src/activities/dependencies';
import type { BindRequest, BoundFiles } from '../src/ledger/bindFiles';
import { stateMetadata } from '../src/ledger/entry';
import { Ledger, type UnboundBatch } from '../src/ledger/ledger';
import type { ObjectStore } from '../src/objects/objectStore';
import type { FileVersion } from '../src/windows/fileVersion';

/** A safeguard against loading rows twice. A run without one of them must fail, else chaos tests nothing. */
export type Safeguard = 'ledger' | 'adoption';

const SAFEGUARDS: readonly Safeguard[] = ['ledger', 'adoption'];

/** Reads a list such as `ledger,adoption`. @throws Error for an unknown name */
export function parseSafeguards(text: string): ReadonlySet<Safeguard> {
  const names = text.split(',').filter((name) => name !== '');
  const safeguards = SAFEGUARDS.filter((name) => names.includes(name));
  if (safeguards.length === names.length) return new Set(safeguards);
  throw new Error(`--without: expected some of ${SAFEGUARDS.join(', ')}, got ${text}`);
}

/** The worker's dependencies with some safeguards switched off. */
export function withoutSafeguards(deps: Dependencies, without: ReadonlySet<Safeguard>): Dependencies {
  return {
    ...deps,
    ledger: without.has('ledger') ? new ForgetfulLedger(deps.config, deps.objects) : deps.ledger,
    bigQuery: without.has('adoption') ? new JobsOfNewIds() : deps.bigQuery,
  };
}

/** A ledger that treats every batch as the first of its window. */
class ForgetfulLedger extends Ledger {
  constructor(
    config: Dependencies['config'],
    private readonly store: ObjectStore,
  ) {
    super(config, store);
  }

  override async bindFiles({ folder, owner, files, draft }: BindRequest): Promise<BoundFiles | undefined> {
    if (files.length === 0) return undefined;
    const url = `${folder}/unbound/${randomUUID()}.json`;
    const entry = draft(owner, files);
    await this.store.write(url, JSON.stringify(entry), { metadata: stateMetadata('intent') });
    return { url, entry };
  }

  override async withoutLoadedElsewhere({ files }: UnboundBatch): Promise<readonly FileVersion[]> {
    return files;
  }
}

/** BigQuery as it looks to jobs of random IDs: none is there already, so none is adopted. */
class JobsOfNewIds extends BigQueryProjects {
  override insertJob(...[projectId, jobId, ...others]: Parameters<BigQueryProjects['insertJob']>) {
    return super.insertJob(projectId, `${jobId}--${randomUUID()}`, ...others);
  }
}
