/** What a refusal of the Infrastructure Hosting API means in terms of token, scope and feature (API document, section 1). */

export type Scope = 'deployments-read' | 'deployments-manage' | 'projects-read' | 'projects-manage';

const SCOPES: Readonly<Record<Scope, string>> = {
  'deployments-read': 'Infrastructure Deployments: read-only (store_infrastructure_deployments_read_only)',
  'deployments-manage': 'Infrastructure Deployments: manage (store_infrastructure_deployments_manage)',
  'projects-read': 'Infrastructure Projects: read-only (store_infrastructure_projects_read_only)',
  'projects-manage': 'Infrastructure Projects: manage (store_infrastructure_projects_manage)',
};

/** What a 404 may be about, beside the store. */
const SUBJECTS: Readonly<Record<Scope, string>> = {
  'deployments-read': ' and the deployment',
  'deployments-manage': '',
  'projects-read': '',
  'projects-manage': '',
};

/** @returns what the user can do, for an HTTP status of a call that needs this scope */
export function explainRefusal(status: number, scope: Scope): string {
  switch (status) {
    case 401:
      return 'The access token is missing, wrong or revoked. Make sure that the secret behind `access-token` holds the token of a store-level API account of this very store.';
    case 403:
      return `The token lacks the scope "${SCOPES[scope]}", or native hosting is not enabled for the store. Add the scope to the API account (this makes a new token), or ask BigCommerce support to enable the feature.`;
    case 404:
      return `Check \`store-hash\`${SUBJECTS[scope]}. If that is right, native hosting is not enabled for the store, or the token lacks the scope "${SCOPES[scope]}".`;
    case 422:
      return 'The platform refused what was sent: correct what it names.';
    case 429:
      return 'The rate limit of the store did not clear in time. Run the job again later, or let fewer jobs use the API at once.';
    default:
      if (status >= 500) {
        return "The platform had a fault. Run the job again; if it stays, look at BigCommerce's status page and give support the correlation id.";
      }
      if (status >= 300 && status < 400) return 'Check `api-host`: the API itself does not redirect.';
      return 'Run the job again with debug logging; if it stays, give BigCommerce support the correlation id.';
  }
}

/** The same for creating a deployment, where a refused field may be an input of the user's. */
export function explainCreateRefusal(status: number, fields: Readonly<Record<string, string>>): string | undefined {
  if ('project_uuid' in fields)
    return 'Check `project-uuid`: this store has no such project, or the token does not see it.';
  if ('environment_variables' in fields) return 'Check `environment-variables` and `secrets`.';
  return status === 404
    ? 'Check `store-hash` and `project-uuid`; else native hosting is not enabled for the store.'
    : undefined;
}

/**
 * The same for making a project. What the platform answers when the store has as many as it may have is not documented:
 * anything that is not about the name may be that.
 */
export function explainProjectRefusal(status: number, fields: Readonly<Record<string, string>>): string | undefined {
  if (![400, 402, 403, 409, 422].includes(status) || 'name' in fields) return undefined;
  return status === 403 ? `${explainRefusal(status, 'projects-manage')} Or else: ${PROJECT_LIMIT}` : PROJECT_LIMIT;
}

const PROJECT_LIMIT =
  'The number of projects that a store may have is limited, and may be reached: delete those that nobody needs. The action `preview-cleanup` deletes the previews of closed pull requests, and its scheduled mode those that were left behind.';

/** The same for deleting a project that the store was just seen to have. */
export function explainDeleteRefusal(status: number): string | undefined {
  if (status === 404) {
    return `The token sees the project and most likely lacks the scope "${SCOPES['projects-manage']}": add it to the API account (this makes a new token).`;
  }
  // Not documented; a deployment that is in progress is the likely reason.
  return status === 409
    ? 'A deployment of the project may be in progress: run this again when it has ended.'
    : undefined;
}
