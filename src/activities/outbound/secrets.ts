import type { ApplicationFailure } from '@temporalio/common';
import type { GoogleAuth } from 'google-auth-library';
import { errorText } from '../../errorText';
import { newFailure } from '../../failures';
import type { SecretReference } from '../../rules/secretReferences';
import { clientStatus, serviceFailure } from '../serviceFailure';

/** Source of a Slack token: an encrypted object as in viant/bqtail, a secret, or an environment variable. */
export interface SlackCredentials {
  /** URL of the object with the encrypted token; needs `key`. */
  readonly url?: string;
  /** Key of Cloud KMS: its full name, or `ring/key` in the configured project and region. */
  readonly key?: string;
  /** Secret of Secret Manager. */
  readonly secret?: string;
  /** Environment variable. */
  readonly env?: string;
}

/** Settings for reading secrets. */
export interface SecretsSettings {
  readonly projectId: string;
  /** Region of keys given by `ring/key`. */
  readonly region: string;
  readonly readObject: (url: string) => Promise<Buffer | undefined>;
  readonly env?: NodeJS.ProcessEnv;
  /** For tests. */
  readonly endpoints?: { readonly secretManager?: string; readonly kms?: string };
}

/** Time for which a secret is cached. */
const FRESH_MS = 60_000;
/** Rules may only use environment variables with this prefix. */
const RULE_VARIABLE_PREFIX = 'BQTAIL_';
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/;

/** Reads secrets when they are needed, and caches them for a minute. */
export class Secrets {
  private readonly cached = new Map<string, { readonly value: Promise<string>; readonly until: number }>();

  constructor(
    private readonly auth: Pick<GoogleAuth, 'request'>,
    private readonly settings: SecretsSettings,
  ) {}

  /** The secret of a reference in a rule. @throws ApplicationFailure `RuleInvalid`, or that of the failed call */
  read({ kind, name }: SecretReference): Promise<string> {
    if (kind === 'secret') return this.fresh(name, () => this.fromSecretManager(name));
    if (name.startsWith(RULE_VARIABLE_PREFIX)) return this.fromEnvironment(name);
    throw newFailure(
      'RuleInvalid',
      `environment variable ${name}: rules may only use variables that begin with ${RULE_VARIABLE_PREFIX}`,
    );
  }

  /** The token of credentials. Those of the configuration may use any environment variable. @throws ApplicationFailure as `read` */
  async slackToken({ url, key, secret, env }: SlackCredentials, from: 'rule' | 'configuration'): Promise<string> {
    if (secret) return tokenOf(await this.fresh(secret, () => this.fromSecretManager(secret)));
    if (env)
      return tokenOf(await (from === 'rule' ? this.read({ kind: 'env', name: env }) : this.fromEnvironment(env)));
    if (url && key) return tokenOf(await this.fresh(`${url} ${key}`, () => this.decrypted(url, key)));
    throw invalid('Slack credentials need Secret, Env, or URL and Key');
  }

  private fresh(name: string, read: () => Promise<string>): Promise<string> {
    const last = this.cached.get(name);
    if (last && last.until > Date.now()) return last.value;
    const value = read();
    this.cached.set(name, { value, until: Date.now() + FRESH_MS });
    value.catch(() => this.cached.delete(name));
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

  /** Decrypts an object that contains the ciphertext, raw or in base64. */
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
      return (await this.auth.request<T>({ url, method, retry: false, data })).data;
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
