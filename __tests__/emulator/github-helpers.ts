import { getOctokit } from '@actions/github';
import type { Emulator } from '../../emulator/emulator.ts';

export const OWNER = { owner: 'acme', repo: 'storefront' };
export const SHA = '0123456789abcdef0123456789abcdef01234567';

export interface Call {
  method?: string;
  body?: unknown;
  /** Undefined: the job's own; null: none. */
  token?: string | null;
  headers?: Record<string, string>;
}

/** A call about the repository, or about nothing in particular where the path starts with two slashes. */
export function callGitHub({ github }: Emulator, path: string, { method = 'GET', body, token, headers }: Call = {}) {
  const url = path.startsWith('//') ? path.slice(1) : `/repos/${github.repository}${path}`;
  return fetch(`${github.apiUrl}${url}`, {
    method,
    redirect: 'manual',
    headers: { ...(token !== null && { authorization: `token ${token ?? github.token}` }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Status and body of an answer. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests look at
export async function readGitHub(...call: Parameters<typeof callGitHub>): Promise<{ status: number; data: any }> {
  const response = await callGitHub(...call);
  const text = await response.text();
  return { status: response.status, data: text === '' ? undefined : JSON.parse(text) };
}

/** The job's own client, as an action makes it. */
export function createOctokit({ github }: Emulator, form: 'github.com' | 'enterprise' = 'github.com') {
  return getOctokit(github.token, { baseUrl: form === 'github.com' ? github.apiUrl : github.enterpriseApiUrl });
}

/** Creates a deployment that is accepted, with what is given. */
export function createDeployment(emulator: Emulator, body: object = {}) {
  const wanted = { ref: SHA, required_contexts: [], auto_merge: false, ...body };
  return readGitHub(emulator, '/deployments', { method: 'POST', body: wanted });
}

export function createStatus(emulator: Emulator, deploymentId: number, body: object) {
  return readGitHub(emulator, `/deployments/${deploymentId}/statuses`, { method: 'POST', body });
}
