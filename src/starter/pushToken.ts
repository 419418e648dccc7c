import { createPublicKey } from 'node:crypto';
import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import type { PushSettings } from '../config/config';
import { errorText } from '../errorText';

/** Result of verifying a token. `refused`: the sender may not push. `unknown`: it could not be verified now. */
export type TokenVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

/** Verifies the value of a request's Authorization header. */
export type VerifyToken = (authorization: string | undefined) => Promise<TokenVerdict>;

const ACCEPTED: TokenVerdict = { kind: 'accepted' };

/**
 * Verifies the OIDC tokens of Pub/Sub and Eventarc pushes: signature, expiry, Google as issuer, audience, and that the verified
 * e-mail is of a service account that may push. Reasons never contain parts of the token, because they are logged.
 */
export function tokenVerifier({ audience, serviceAccounts, keysUrl }: PushSettings): VerifyToken {
  const client = new OAuth2Client(keysUrl ? { endpoints: { oauth2FederatedSignonPemCertsUrl: keysUrl } } : {});
  const pushers = new Set(serviceAccounts);
  return async (authorization = '') => {
    const [, token] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
    if (token === undefined) return refused('the request has no bearer token');
    let keys: Readonly<Record<string, string>>;
    try {
      keys = pemKeys((await client.getFederatedSignonCertsAsync()).certs);
    } catch {
      return { kind: 'unknown', reason: 'the public keys of the token issuer cannot be read' };
    }
    try {
      const ticket = await client.verifySignedJwtWithCertsAsync(token, keys, audience, client.issuers);
      const { email, email_verified: verified } = ticket.getPayload() ?? {};
      if (email === undefined) return refused('the token has no e-mail');
      if (!verified) return refused(`the e-mail of the token is not verified: ${email}`);
      return pushers.has(email) ? ACCEPTED : refused(`the token is of ${email}, which may not push`);
    } catch (error) {
      return refused(`the token is not valid: ${reasonOf(error)}`);
    }
  };
}

const certificates = z.record(z.string(), z.string());
const jwks = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) });

/** Keys by ID, from certificates by ID (Google's older form) or a JWK set. */
function pemKeys(served: unknown): Readonly<Record<string, string>> {
  const set = jwks.safeParse(served);
  if (!set.success) return certificates.parse(served);
  const pem = (key: z.infer<typeof jwks>['keys'][number]) =>
    createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  return Object.fromEntries(set.data.keys.map((key) => [key.kid, pem(key)]));
}

function refused(reason: string): TokenVerdict {
  return { kind: 'refused', reason };
}

/** The library quotes parts of the token after a colon, or in messages that start with `Can't parse`: cut them off. */
function reasonOf(error: unknown): string {
  const message = errorText(error);
  if (message.startsWith("Can't parse")) return 'it cannot be parsed';
  const [reason = ''] = message.split(':');
  return reason;
}
