import { GoogleAuth } from 'google-auth-library';
import { errorText } from '../../errorText';
import { newFailure } from '../../failures';

/** Scopes that viant/bqtail requests besides those of the request. */
const SCOPES = ['cloud-platform', 'devstorage.full_control', 'compute', 'bigquery', 'bigquery.insertdata'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
);

/** Tokens of the worker's own account, for calls to Google's services and to services behind Google's sign-in. */
export class Identity {
  constructor(private readonly auth: GoogleAuth = new GoogleAuth()) {}

  /** Authorization header with an identity token. @param audience default: `audienceOf(url)` */
  async tokenFor(url: string, audience = audienceOf(url)): Promise<string> {
    return this.header(url, async () => {
      const client = await this.auth.getIdTokenClient(audience);
      return (await client.getRequestHeaders(url)).get('authorization');
    });
  }

  /** Authorization header with an access token of these scopes. */
  async accessFor(url: string, scopes: readonly string[]): Promise<string> {
    return this.header(url, async () => {
      const wanted = [...new Set([...scopes, ...SCOPES])];
      const token = await new GoogleAuth({ scopes: wanted }).getAccessToken();
      return token ? `Bearer ${token}` : null;
    });
  }

  private async header(url: string, get: () => Promise<string | null>): Promise<string> {
    const { protocol, hostname } = new URL(url);
    const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    if (protocol !== 'https:' && !isHere)
      throw newFailure('RuleInvalid', `call to ${hostname}: a token is sent by https only`);
    try {
      const header = await get();
      if (header) return header;
    } catch (error) {
      throw newFailure('Unavailable', `token for ${hostname}: ${errorText(error)}`);
    }
    throw newFailure('Unavailable', `token for ${hostname}: the credentials gave none`);
  }
}

/**
 * Audience of the token for a URL: the service; for a Cloud Function of the first generation, the function.
 *
 * @example audienceOf('https://r-p.cloudfunctions.net/fn/x?y=1') // 'https://r-p.cloudfunctions.net/fn'
 */
export function audienceOf(url: string): string {
  const { origin, hostname, pathname } = new URL(url);
  const [, name = ''] = pathname.split('/');
  return hostname.endsWith('.cloudfunctions.net') ? `${origin}/${name}` : origin;
}
