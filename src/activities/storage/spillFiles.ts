import { spilledFilesUrl } from '../../ledger/urls';
import type { FileEvent } from '../../windows/fileEvent';
import type { SpilledFiles } from '../../windows/spilledFiles';
import type { Dependencies } from '../dependencies';

/** Files of one rule to spill. */
export interface SpillInput {
  readonly dest: string;
  readonly workflowId: string;
  readonly ruleId: string;
  /** Unique name within the workflow. */
  readonly name: string;
  readonly files: readonly FileEvent[];
}

/** Spills waiting files: writes them to storage. The window reads them when it seals its batch, and deletes them when it closes. */
export async function spillFiles(deps: Dependencies, input: SpillInput): Promise<SpilledFiles> {
  const url = spilledFilesUrl(deps.ledger.folder(input.dest, input.workflowId, input.ruleId), input.name);
  await deps.objects.write(url, JSON.stringify(input.files));
  return { url, files: input.files.length };
}

/** Reads spilled files. @throws Error when one cannot be read */
export async function readSpilledFiles(deps: Dependencies, spilled: readonly SpilledFiles[]): Promise<FileEvent[]> {
  const texts = await Promise.all(spilled.map(async ({ url }) => ({ url, text: await deps.objects.read(url) })));
  return texts.flatMap(({ url, text }) => {
    if (text === undefined) throw new Error(`${url}: the spilled files are gone`);
    const files: FileEvent[] = JSON.parse(text);
    return files;
  });
}
