/** Call counts of an emulator. Calls inside a batch request are counted as `batch.<operation>`. */
export interface CallCounts {
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
}

/** Times of a BigQuery job, Unix milliseconds, and the rows it wrote. */
export interface JobTimes {
  readonly creationTime: number;
  readonly endTime: number;
  readonly rows: number;
}

interface JobAnswer {
  readonly statistics: {
    readonly creationTime: string;
    readonly endTime: string;
    readonly load: { readonly outputRows: string };
  };
}

/** Call counts since the last reset. @param buckets for storage: counts only calls that touch one of them. */
export async function countsOf(emulator: string, buckets: readonly string[] = []): Promise<CallCounts> {
  const query = buckets.length > 0 ? `?bucket=${buckets.join(',')}` : '';
  const answer = await send(`${emulator}/_local/stats${query}`, 'GET');
  return (await answer.json()) as CallCounts;
}

/** Resets the call counts. */
export async function resetCounts(emulator: string): Promise<void> {
  await send(`${emulator}/_local/stats`, 'DELETE');
}

/** Uploads a text. @returns the time of the object, Unix milliseconds. */
export async function upload(storage: string, bucket: string, name: string, text: string): Promise<number> {
  const url = `${storage}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const answer = await send(url, 'POST', text);
  const { updated } = (await answer.json()) as { readonly updated: string };
  return Date.parse(updated);
}

/** Times of a finished load job. */
export async function jobTimes(bigquery: string, project: string, jobId: string): Promise<JobTimes> {
  const answer = await send(`${bigquery}/bigquery/v2/projects/${project}/jobs/${jobId}`, 'GET');
  const { statistics } = (await answer.json()) as JobAnswer;
  return {
    creationTime: Number(statistics.creationTime),
    endTime: Number(statistics.endTime),
    rows: Number(statistics.load.outputRows),
  };
}

/** Calls an emulator. @param body a text, or a value that is sent as JSON. @throws Error for an unsuccessful response. */
export async function send(url: string, method: string, body?: unknown): Promise<Response> {
  const answer = await fetch(url, {
    method,
    headers: body === undefined ? undefined : { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
