import type { ApplicationFailure } from '@temporalio/common';
import type { GoogleAuth } from 'google-auth-library';
import { errorText } from '../../errorText';
import { newFailure } from '../../failures';
import type { SecretReference } from '../../rules/secretReferences';
import { clientStatus, serviceFailure } from '../serviceFailure';

/** Where a Slack token lies; the original's encrypted object, or one of ours. */
export interface SlackCredentials {
  /** Object that holds the encrypted token; with `key`. */
  readonly url?: string | undefined;
  /** Key of Cloud KMS: its full name, or `ring/key` in the configured project and region. */
  readonly key?: string | undefined;
  /** Secret of Secret Manager. */
  readonly secret?: string | undefined;
  /** Variable of the environment. */
  readonly env?: string | undefined;
}

/** What reading secrets needs. */
export interface SecretsSettings {
  readonly projectId: string;
  /** Region of short key names. */
  readonly region: string;
  readonly readObject: (url: string) => Promise<Buffer | undefined>;
  readonly env?: NodeJS.ProcessEnv;
  /** For tests. */
  readonly endpoints?: { readonly secretManager?: string; readonly kms?: string };
}

/** How long a secret that was read is taken for true. */
const FRESH_MS = 60_000;
/** Rules may name variables of the environment that begin so, and no other ones. */
const OPEN_TO_RULES = 'BQTAIL_';
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/;

/** Reads secrets when they are used, and remembers them for a minute. */
export class Secrets {
  private readonly known = new Map<string, { readonly value: Promise<string>; readonly until: number }>();

  constructor(
    private readonly auth: Pick<GoogleAuth, 'request'>,
    private readonly settings: SecretsSettings,
  ) {}

  /** The secret that a rule refers to. @throws ApplicationFailure `RuleInvalid` or as Google's services fail. */
  read({ kind, name }: SecretReference): Promise<string> {
    if (kind === 'secret') return this.fresh(name, () => this.fromSecretManager(name));
    if (name.startsWith(OPEN_TO_RULES)) return this.fromEnvironment(name);
    throw newFailure(
      'RuleInvalid',
      `environment variable ${name}: a rule may name those that begin with ${OPEN_TO_RULES}`,
    );
  }

  /** The token that credentials lead to: those of the configuration may name any variable. @throws ApplicationFailure as `read`. */
  async slackToken({ url, key, secret, env }: SlackCredentials, from: 'rule' | 'configuration'): Promise<string> {
    if (secret) return tokenOf(await this.fresh(secret, () => this.fromSecretManager(secret)));
    if (env)
      return tokenOf(await (from === 'rule' ? this.read({ kind: 'env', name: env }) : this.fromEnvironment(env)));
    if (url && key) return tokenOf(await this.fresh(`${url} ${key}`, () => this.decrypted(url, key)));
    throw invalid('Slack credentials name neither Secret, nor Env, nor URL and Key');
  }

  private fresh(name: string, read: () => Promise<string>): Promise<string> {
    const known = this.known.get(name);
    if (known && known.until > Date.now()) return known.value;
    const value = read();
    this.known.set(name, { value, until: Date.now() + FRESH_MS });
    value.catch(() => this.known.delete(name));
    return value;
  }

  private async fromEnvironment(name: string): Promise<string> {
    const value = (this.settings.env ?? process.env)[name];
    if (value) return value;
    throw invalid(`environment variable ${name} is not set for the worker`);
  }

  private async fromSecretManager(name: string): Promise<string> {
    const { projectId, endpoints } = this.settings;
    const secret = name.startsWith('projects/') ? name : `projects/${projectId}/secrets/${name}`;
    const version = secret.includes('/versions/') ? secret : `${secret}/versions/latest`;
    const base = endpoints?.secretManager ?? 'https://secretmanager.googleapis.com';
    const { payload } = await this.call<{ payload?: { data?: string } }>(`${base}/v1/${version}:access`, 'GET');
    return Buffer.from(payload?.data ?? '', 'base64').toString();
  }

  /** The object holds the ciphertext, raw or in base64. */
  private async decrypted(url: string, key: string): Promise<string> {
    const { projectId, region, readObject, endpoints } = this.settings;
    const [ring, short] = key.split('/');
    const name = key.startsWith('projects/')
      ? key
      : `projects/${projectId}/locations/${region}/keyRings/${ring}/cryptoKeys/${short}`;
    const content = await readObject(url);
    if (!content?.length) throw invalid(`Slack credentials: ${url} is empty or does not exist`);
    const text = content.toString('latin1').trim();
    const ciphertext = BASE64.test(text) ? text.replace(/\s/g, '') : content.toString('base64');
    const base = endpoints?.kms ?? 'https://cloudkms.googleapis.com';
    const answer = await this.call<{ plaintext?: string }>(`${base}/v1/${name}:decrypt`, 'POST', { ciphertext });
    return Buffer.from(answer.plaintext ?? '', 'base64').toString();
  }

  private async call<T>(url: string, method: 'GET' | 'POST', data?: object): Promise<T> {
    try {
      return (await this.auth.request<T>({ url, method, retry: false, ...(data ? { data } : {}) })).data;
    } catch (error) {
      const message = errorText(error);
      throw serviceFailure({ status: clientStatus(error), message }, `reading ${new URL(url).pathname}`, 'RuleInvalid');
    }
  }
}

/** `{"Token": "xoxb-…"}`, that in base64, or the token alone. */
function tokenOf(text: string): string {
  const plain = text.trim();
  for (const candidate of [plain, Buffer.from(plain, 'base64').toString()]) {
    if (!candidate.startsWith('{')) continue;
    const { Token } = Object(JSON.parse(candidate));
    if (typeof Token === 'string') return Token;
  }
  return plain;
}

function invalid(message: string): ApplicationFailure {
  return newFailure('RuleInvalid', message);
}
