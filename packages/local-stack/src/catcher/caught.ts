/** A recorded request. Credentials in its headers are replaced. */
export interface CaughtRequest {
  readonly time: string;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A message or file that was sent to Slack. */
export interface SlackPost {
  readonly time: string;
  readonly channel: string;
  /** Title of the message or of the file. */
  readonly text: string;
  /** Text below the title, or the content of the file. */
  readonly body: string;
  readonly from: string;
  readonly filename: string;
}

const REMEMBERED = 500;
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

/** The last requests and Slack posts, oldest first. */
export class Caught {
  readonly requests: CaughtRequest[] = [];
  readonly slack: SlackPost[] = [];

  async request(request: Request): Promise<CaughtRequest> {
    const { pathname, search } = new URL(request.url);
    const headers = [...request.headers].map(([name, value]) => [
      name,
      CREDENTIALS.includes(name) ? `(${value.length} characters)` : value,
    ]);
    const caught = {
      time: new Date().toISOString(),
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(headers),
      body: await request.text(),
    };
    remember(this.requests, caught);
    return caught;
  }

  post(post: Omit<SlackPost, 'time'>): void {
    remember(this.slack, { time: new Date().toISOString(), ...post });
  }
}

function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > REMEMBERED) list.shift();
}
