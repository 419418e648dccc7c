import { GoogleAuth } from 'google-auth-library';
import { errorText } from '../../errorText';
import { newFailure } from '../../failures';

/** What the original asks for beside a request's own scopes (spec 2, section 3.3). */
const SCOPES = ['cloud-platform', 'devstorage.full_control', 'compute', 'bigquery', 'bigquery.insertdata'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
);

/** Tokens of the service's own account, for calls to Google's services and to others that it protects. */
export class Identity {
  constructor(private readonly auth: GoogleAuth = new GoogleAuth()) {}

  /** Header of a call with an identity token. @param audience default: `audienceOf(url)`. */
  async tokenFor(url: string, audience = audienceOf(url)): Promise<string> {
    return this.header(url, async () => {
      const client = await this.auth.getIdTokenClient(audience);
      return (await client.getRequestHeaders(url)).get('authorization');
    });
  }

  /** Header of a call with an access token of such scopes. */
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
      throw newFailure('RuleInvalid', `call to ${hostname}: a token goes by https only`);
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
 * Whom a token is for: the service, and for a function of the first generation the function.
 *
 * @example audienceOf('https://r-p.cloudfunctions.net/fn/x?y=1') // 'https://r-p.cloudfunctions.net/fn'
 */
export function audienceOf(url: string): string {
  const { origin, hostname, pathname } = new URL(url);
  const [, name = ''] = pathname.split('/');
  return hostname.endsWith('.cloudfunctions.net') ? `${origin}/${name}` : origin;
}
