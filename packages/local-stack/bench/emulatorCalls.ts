/** Counts of API calls as a stand-in keeps them; what is inside a batch request is counted as `batch.<operation>`. */
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

/** Calls counted since the last reset; for storage, only those that touch one of the buckets. */
export async function countsOf(standIn: string, buckets: readonly string[] = []): Promise<CallCounts> {
  const query = buckets.length > 0 ? `?bucket=${buckets.join(',')}` : '';
  const answer = await send(`${standIn}/_local/stats${query}`, 'GET');
  return (await answer.json()) as CallCounts;
}

/** Begins to count from 0. */
export async function resetCounts(standIn: string): Promise<void> {
  await send(`${standIn}/_local/stats`, 'DELETE');
}

/** Uploads a text. @returns the time of the object, Unix milliseconds. */
export async function upload(storage: string, bucket: string, name: string, text: string): Promise<number> {
  const url = `${storage}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const answer = await send(url, 'POST', text);
  const { updated } = (await answer.json()) as { readonly updated: string };
  return Date.parse(updated);
}

/** Times of a load job that is done. */
export async function jobTimes(bigquery: string, project: string, jobId: string): Promise<JobTimes> {
  const answer = await send(`${bigquery}/bigquery/v2/projects/${project}/jobs/${jobId}`, 'GET');
  const { statistics } = (await answer.json()) as JobAnswer;
  return {
    creationTime: Number(statistics.creationTime),
    endTime: Number(statistics.endTime),
    rows: Number(statistics.load.outputRows),
  };
}

/** Calls a stand-in with JSON, or with a text as it is. @throws Error when the answer is no success. */
export async function send(url: string, method: string, body?: unknown): Promise<Response> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
