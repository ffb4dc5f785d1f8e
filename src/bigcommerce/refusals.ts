/** What a refusal means in terms of token, scope and feature (API document, sections 1 and 2). */

/** Only a part of the request was carried out, so the whole of it did not succeed. */
export const PARTIAL = 207;
/** A limit of the store's plan is reached. */
export const PLAN_LIMIT = 507;

export type Scope =
  | 'deployments-read'
  | 'deployments-manage'
  | 'projects-read'
  | 'projects-manage'
  | 'logs-read'
  | 'content-read'
  | 'content-modify'
  | 'channel-site';

interface ScopeWords {
  /** As the control panel names it, with its parameter. */
  name: string;
  /** What a 403 may mean other than a missing scope, and what to do then; '' where it means nothing else. */
  orElse: string;
  /** What to do about a 404. */
  notFound: string;
}

/** @param subject what a 404 may be about, beside the store */
function hosting(name: string, subject = ''): ScopeWords {
  return {
    name,
    orElse: 'or native hosting is not enabled for the store',
    notFound: `Check \`store-hash\`${subject}. If that is right, native hosting is not enabled for the store, or the token lacks the scope "${name}".`,
  };
}

function content(name: string): ScopeWords {
  return {
    name,
    orElse: '',
    notFound: `Check \`store-hash\` and \`api-host\`. If they are right, the token most likely lacks the scope "${name}".`,
  };
}

/** A 403 does not say which of the two is missing. */
const SITE_SCOPES =
  'Channel Settings: modify (store_channel_settings)" or the scope "Sites & Routes: modify (store_sites)';

const SCOPES: Readonly<Record<Scope, ScopeWords>> = {
  'deployments-read': hosting(
    'Infrastructure Deployments: read-only (store_infrastructure_deployments_read_only)',
    ' and the deployment',
  ),
  'deployments-manage': hosting('Infrastructure Deployments: manage (store_infrastructure_deployments_manage)'),
  'projects-read': hosting('Infrastructure Projects: read-only (store_infrastructure_projects_read_only)'),
  'projects-manage': hosting('Infrastructure Projects: manage (store_infrastructure_projects_manage)'),
  'logs-read': hosting('Infrastructure Logs: read-only (store_infrastructure_logs_read_only)', ' and the project'),
  'content-read': content('Content: read-only (store_v2_content_read_only)'),
  'content-modify': content('Content: modify (store_v2_content)'),
  'channel-site': {
    name: SITE_SCOPES,
    orElse: '',
    notFound: 'Check `channel-id` and `store-hash`: the store has no such channel, or the channel has no site.',
  },
};

/** @returns what the user can do, for an HTTP status of a call that needs this scope */
export function explainRefusal(status: number, scope: Scope): string {
  const { name, orElse, notFound } = SCOPES[scope];
  switch (status) {
    case 401:
      return 'Make sure that the secret behind `access-token` holds the token of a store-level API account of this store.';
    case 403:
      return orElse === ''
        ? `The token lacks the scope "${name}". Add it to the API account (this makes a new token).`
        : `The token lacks the scope "${name}", ${orElse}. Add the scope to the API account (this makes a new token), or ask BigCommerce support to enable the feature.`;
    case 404:
      return notFound;
    case PARTIAL:
      return 'The platform carried out only a part of the request (207): correct what it names, if it names anything, and run the job again.';
    case 423:
      return 'The store, or what was to be changed, is locked at the moment (423): something else may be changing it. Run the job again when that is done; if the lock remains, ask BigCommerce support why.';
    case PLAN_LIMIT:
      return "A limit of the store's plan is reached (507): there is no room for what was sent. Remove what is no longer needed, or ask BigCommerce for a larger plan, before you run the job again.";
    case 413:
    case 414:
      return 'The platform, or a proxy before it, accepts less at once than was sent. If this persists, give BigCommerce support the correlation id.';
    case 422:
      return 'Correct what the platform names.';
    case 429:
      return 'The rate limit of the store did not clear in time. Run the job again later, or let fewer jobs use the API at once.';
    default:
      if (status >= 500) {
        return "Run the job again; if this persists, look at BigCommerce's status page and give support the correlation id.";
      }
      if (status >= 300 && status < 400) return 'Check `api-host`: the API itself does not redirect.';
      return 'Run the job again with debug logging; if this persists, give BigCommerce support the correlation id.';
  }
}

/** Advice for creating a deployment, where a refused field may be one of the user's inputs. */
export function explainCreateRefusal(status: number, fields: Readonly<Record<string, string>>): string | undefined {
  if ('project_uuid' in fields)
    return 'Check `project-uuid`: this store has no such project, or the token does not see it.';
  if ('environment_variables' in fields) return 'Check `environment-variables` and `secrets`.';
  return status === 404
    ? 'Check `store-hash` and `project-uuid`; else native hosting is not enabled for the store.'
    : undefined;
}

/**
 * Advice for creating a project. What the platform answers when the store is at its limit is not documented:
 * anything that is not about the name may be that.
 */
export function explainProjectRefusal(status: number, fields: Readonly<Record<string, string>>): string | undefined {
  if (![400, 402, 403, 409, 422, PLAN_LIMIT].includes(status) || 'name' in fields) return undefined;
  return status === 403 ? `${explainRefusal(status, 'projects-manage')} Or else: ${PROJECT_LIMIT}` : PROJECT_LIMIT;
}

const PROJECT_LIMIT =
  'The number of projects that a store may have is limited, and may be reached: delete those that are no longer needed. The action `preview-cleanup` deletes the previews of closed pull requests, and its scheduled mode those that were left behind.';

/** Advice for deleting a project that was just found in the store. */
export function explainDeleteRefusal(status: number): string | undefined {
  if (status === 404) {
    return `The token sees the project and most likely lacks the scope "${SCOPES['projects-manage'].name}": add it to the API account (this makes a new token).`;
  }
  // Not documented; a deployment that is in progress is the likely reason.
  return status === 409
    ? 'A deployment of the project may be in progress: run this again when it has ended.'
    : undefined;
}

/** Advice for the site of a channel. */
export function explainSiteRefusal(status: number, fields: Readonly<Record<string, string>>): string | undefined {
  if (status === 403) {
    return `The token lacks the scope "${SITE_SCOPES}", or both. Add them to the API account (this makes a new token).`;
  }
  if (status !== 400 && status !== 422) return undefined;
  const what = 'url' in fields ? 'The platform does not take this address for the site' : 'The platform refused it';
  return `${what}: give another one as \`site-url\`, one that belongs to the store and has a certificate.`;
}

/** Advice for starting an import, where most refusals are about the file. */
export function explainImportRefusal(status: number): string | undefined {
  if (status === 400 || status === 422) {
    return 'The platform did not accept the file as a CSV of redirects. Its rows were checked before they were sent, so look at what the platform names; if it names nothing, give BigCommerce support the correlation id.';
  }
  return status === 413
    ? 'The platform accepts files of at most 20 MB, and each part that is sent is smaller: a proxy may accept even less. Split the file into smaller ones, and import them one after another.'
    : undefined;
}
