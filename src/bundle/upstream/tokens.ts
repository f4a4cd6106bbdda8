import { z } from 'zod';

/** What a registry wants to see: https://distribution.github.io/distribution/spec/auth/token/ */
export interface Challenge {
  realm: string;
  service?: string;
}

/** Reads `WWW-Authenticate: Bearer realm="…",service="…"`; nothing for any other scheme. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const bearer = /(?:^|,\s*)Bearer\s+(.*)$/i.exec(header ?? '')?.[1];
  if (bearer === undefined) return undefined;
  const values = new Map<string, string>();
  for (const match of bearer.matchAll(/([a-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/gi)) {
    values.set((match[1] ?? '').toLowerCase(), (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  const realm = values.get('realm');
  const service = values.get('service');
  return realm === undefined ? undefined : { realm, ...(service === undefined ? {} : { service }) };
}

/** Where an anonymous token for the scope is to be had; nothing when the realm is no address. */
export function tokenUrl({ realm, service }: Challenge, scope: string): string | undefined {
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  return url.href;
}

const answer = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });

/** The token in a token server's answer: visible characters only, as it becomes a header. */
export function tokenIn(text: string): string | undefined {
  try {
    const parsed = answer.parse(JSON.parse(text));
    const token = parsed.token ?? parsed.access_token;
    return token !== undefined && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
