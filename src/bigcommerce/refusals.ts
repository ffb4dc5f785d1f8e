/** What a refusal of the Infrastructure Hosting API means in terms of token, scope and feature (API document, section 1). */

export type Scope = 'deployments-read' | 'deployments-manage' | 'projects-read' | 'projects-manage';

const SCOPES: Readonly<Record<Scope, string>> = {
  'deployments-read': 'Infrastructure Deployments: read-only (store_infrastructure_deployments_read_only)',
  'deployments-manage': 'Infrastructure Deployments: manage (store_infrastructure_deployments_manage)',
  'projects-read': 'Infrastructure Projects: read-only (store_infrastructure_projects_read_only)',
  'projects-manage': 'Infrastructure Projects: manage (store_infrastructure_projects_manage)',
};

/** @returns what the user can do, for an HTTP status of a call that needs this scope */
export function explainRefusal(status: number, scope: Scope): string | undefined {
  switch (status) {
    case 401:
      return 'The access token is missing, wrong or revoked. Make sure that the secret behind `access-token` holds the token of a store-level API account of this very store.';
    case 403:
      return `The token lacks the scope "${SCOPES[scope]}", or native hosting is not enabled for the store. Add the scope to the API account (this makes a new token), or ask BigCommerce support to enable the feature.`;
    case 404:
      return `Check \`store-hash\` and the project. If both are right, native hosting is not enabled for the store, or the token lacks the scope "${SCOPES[scope]}".`;
    case 422:
      return 'The platform refused what was sent: correct the field it names.';
    case 429:
      return 'The rate limit of the store did not clear in time. Run the job again later, or let fewer jobs use the API at once.';
    default:
      return status >= 500
        ? "The platform had a fault. Run the job again; if it stays, look at BigCommerce's status page and give support the correlation id."
        : undefined;
  }
}
