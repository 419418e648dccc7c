import { ledgerFolder } from '../../journal/names';
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
export async function spillFiles(input: SpillInput, deps: Dependencies): Promise<SpilledFiles> {
  const folder = ledgerFolder(deps.config, input.dest, input.workflowId, input.ruleId);
  const url = `${folder}/gathered/${input.name}.json`;
  await deps.objects.write(url, JSON.stringify(input.files));
  return { url, files: input.files.length };
}

/** @throws Error, to be retried, when one cannot be read. */
export async function readSpilledFiles(spilled: readonly SpilledFiles[], deps: Dependencies): Promise<FileEvent[]> {
  const texts = await Promise.all(spilled.map(async ({ url }) => ({ url, text: await deps.objects.read(url) })));
  return texts.flatMap(({ url, text }) => {
    if (text === undefined) throw new Error(`${url}: the files put aside are gone`);
    const files: FileEvent[] = JSON.parse(text);
    return files;
  });
}
