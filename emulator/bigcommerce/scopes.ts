import type { BodyAnswer } from '../answers.ts';
import { createErrorAnswer } from '../answers.ts';
import type { Call, Scope, Settings } from '../types.ts';
import { SCOPES } from '../types.ts';

const CREATES_DEPLOYMENTS: readonly Scope[] = [
  'store_infrastructure_deployments_create_preview',
  'store_infrastructure_deployments_manage',
];

const READS_CONTENT: readonly Scope[] = ['store_v2_content', 'store_v2_content_read_only'];

/**
 * Any one of these scopes opens the call (API document, section 1, "OAuth scopes", and section 2). An export changes
 * nothing; that the scope for reading is enough for it stands nowhere.
 */
const SCOPES_OF_CALLS: Readonly<Partial<Record<Call, readonly Scope[]>>> = {
  sign: CREATES_DEPLOYMENTS,
  createDeployment: CREATES_DEPLOYMENTS,
  events: ['store_infrastructure_deployments_read_only', ...CREATES_DEPLOYMENTS],
  listProjects: ['store_infrastructure_projects_read_only', 'store_infrastructure_projects_manage'],
  createProject: ['store_infrastructure_projects_manage'],
  deleteProject: ['store_infrastructure_projects_manage'],
  deleteProjects: ['store_infrastructure_projects_manage'],
  logs: ['store_infrastructure_logs_read_only'],
  listRedirects: READS_CONTENT,
  upsertRedirects: ['store_v2_content'],
  deleteRedirects: ['store_v2_content'],
  listRedirectJobs: READS_CONTENT,
  importRedirects: ['store_v2_content'],
  exportRedirects: READS_CONTENT,
  importEvents: READS_CONTENT,
  exportEvents: READS_CONTENT,
  downloadExport: READS_CONTENT,
};

type Credentials = Pick<Settings, 'storeHash' | 'accessToken' | 'tokens'>;

/**
 * Who may do what: a wrong token is 401, another store 404, a missing scope 403 (API document, section 1, "Errors").
 * Returns the refusal, or undefined where the call is allowed.
 */
export function refuseUnauthorized(
  call: Call,
  storeHash: string,
  token: string | undefined,
  credentials: Credentials,
): BodyAnswer | undefined {
  const scopes = token === undefined ? undefined : readScopes(token, credentials);
  if (scopes === undefined) return createErrorAnswer(401, 'Unauthorized');
  if (storeHash !== credentials.storeHash) return createErrorAnswer(404, 'The store was not found.');
  const needed = SCOPES_OF_CALLS[call] ?? [];
  if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) {
    return createErrorAnswer(403, 'You don\u2019t have a required scope to access the endpoint');
  }
  return undefined;
}

function readScopes(token: string, { accessToken, tokens }: Credentials): readonly Scope[] | undefined {
  if (Object.hasOwn(tokens, token)) return tokens[token];
  return token === accessToken ? SCOPES : undefined;
}
