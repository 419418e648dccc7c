import { spilledFilesUrl } from '../../ledger/urls';
import type { FileEvent } from '../../windows/fileEvent';
import type { SpilledFiles } from '../../windows/spilledFiles';
import type { Dependencies } from '../dependencies';

/** Files of one rule to be put aside. */
export interface SpillInput {
  readonly dest: string;
  readonly workflowId: string;
  readonly ruleId: string;
  /** Unlike any other of the workflow. */
  readonly name: string;
  readonly files: readonly FileEvent[];
}

/** Writes files into the journal; the window reads them when it seals its batch, and deletes them when it closes. */
export async function spillFiles(deps: Dependencies, input: SpillInput): Promise<SpilledFiles> {
  const url = spilledFilesUrl(deps.ledger.folder(input.dest, input.workflowId, input.ruleId), input.name);
  await deps.objects.write(url, JSON.stringify(input.files));
  return { url, files: input.files.length };
}

/** @throws Error, to be retried, when one cannot be read. */
export async function readSpilledFiles(deps: Dependencies, spilled: readonly SpilledFiles[]): Promise<FileEvent[]> {
  const texts = await Promise.all(spilled.map(async ({ url }) => ({ url, text: await deps.objects.read(url) })));
  return texts.flatMap(({ url, text }) => {
    if (text === undefined) throw new Error(`${url}: the files put aside are gone`);
    const files: FileEvent[] = JSON.parse(text);
    return files;
  });
}
