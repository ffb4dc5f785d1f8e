import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

const LIFE_SECONDS = 6 * 60 * 60;

/** What the artifact service calls a run and a job of it: not the numbers that the REST API has for them. */
export interface BackendIds {
  runBackendId: string;
  jobBackendId: string;
}

/**
 * `ACTIONS_RUNTIME_TOKEN` of a job: a JWT whose scope `Actions.Results:<run>:<job>` names the backend ids, as the client
 * reads them (`@actions/artifact`, internal/shared/util.js). The real one is signed with RSA; no client checks that.
 */
export function createRuntimeToken(
  key: Buffer,
  { runBackendId, jobBackendId }: BackendIds,
  lifeSeconds = LIFE_SECONDS,
): string {
  const now = Math.floor(Date.now() / 1000);
  const scopes = [
    'Actions.ExampleScope',
    `Actions.Results:${runBackendId}:${jobBackendId}`,
    `Actions.GenericRead:${runBackendId}`,
  ];
  const claims = {
    scp: scopes.join(' '),
    iss: 'https://token.actions.githubusercontent.com',
    jti: randomUUID(),
    nbf: now - 300,
    exp: now + lifeSeconds,
  };
  const body = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  return `${body}.${sign(key, body)}`;
}

/** The ids in a token that is valid now; undefined for any other text. */
export function readRuntimeToken(key: Buffer, token: string): BackendIds | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const given = Buffer.from(signature);
  const expected = Buffer.from(sign(key, `${header}.${claims}`));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const { scp, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { scp: string; exp: number };
  if (Date.now() >= exp * 1000) return undefined;
  const [, runBackendId = '', jobBackendId = ''] = /Actions\.Results:([^: ]+):([^: ]+)/.exec(scp) ?? [];
  return { runBackendId, jobBackendId };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}
