/**
 * What a failure may say more about: the headings of docs/troubleshooting.md. A test holds the two together: each topic has
 * its heading there, each heading its topic.
 */

interface Topic {
  /** Word for word; GitHub makes the topic, its anchor, from it. */
  heading: string;
  /** The end of "More on …". */
  about: string;
}

const TOPICS = {
  'another-deployment-is-in-progress': {
    heading: 'Another deployment is in progress',
    about: 'deployments at the same time',
  },
  'no-verdict': { heading: 'No verdict', about: 'runs without a verdict' },
  'the-storefront-does-not-work': { heading: 'The storefront does not work', about: 'storefronts that do not work' },
  'rolled-back': { heading: 'Rolled back', about: 'rollbacks by themselves' },
  'rejected-by-the-rehearsal': { heading: 'Rejected by the rehearsal', about: 'rehearsals' },
  'site-url-not-updated': { heading: 'Site URL not updated', about: 'the site URL' },
  cancelled: { heading: 'Cancelled', about: 'cancelled runs' },
  'deployment-failed-code-10': { heading: 'Deployment failed: code 10', about: 'code 10' },
  'deployment-failed-code-20': { heading: 'Deployment failed: code 20', about: 'code 20' },
  'deployment-failed-code-30': { heading: 'Deployment failed: code 30', about: 'code 30' },
  'deployment-failed-code-40': { heading: 'Deployment failed: code 40', about: 'code 40' },
  'deployment-failed-code-50': { heading: 'Deployment failed: code 50', about: 'code 50' },
  'deployment-failed-code-60': { heading: 'Deployment failed: code 60', about: 'code 60' },
  'deployment-failed-another-code': { heading: 'Deployment failed: another code', about: 'deployments that failed' },
  'input-not-usable': { heading: 'Input not usable', about: 'inputs' },
  'not-known-what-this-run-is-for': { heading: 'Not known what this run is for', about: 'what a run is for' },
  'forks-code-refused': { heading: "Fork's code refused", about: 'code of forks' },
  skipped: { heading: 'Skipped', about: 'skipped runs' },
  'time-is-up': { heading: 'Time is up', about: 'the time limit' },
  'nodejs-too-old': { heading: 'Node.js too old', about: "the runner's Node.js" },
  'unexpected-fault': { heading: 'Unexpected fault', about: 'unexpected faults' },
  'project-not-found': { heading: 'Project not found', about: 'projects' },
  'project-name-not-unique': { heading: 'Project name not unique', about: 'project names' },
  'project-not-created': { heading: 'Project not created', about: 'new projects' },
  'bundle-refused-before-upload': { heading: 'Bundle refused before upload', about: 'what is checked' },
  'file-not-readable-or-not-writable': { heading: 'File not readable or not writable', about: 'files' },
  'artifact-not-stored': { heading: 'Artifact not stored', about: 'artifacts' },
  'no-bundle-for-the-rollback': { heading: 'No bundle for the rollback', about: 'bundles for a rollback' },
  'project-not-clear': { heading: 'Project not clear', about: 'the project of a rollback' },
  'bundle-of-unknown-origin': { heading: 'Bundle of unknown origin', about: 'where a bundle is from' },
  'redirects-file-not-usable': { heading: 'Redirects file not usable', about: 'redirects files' },
  'site-of-the-redirects-not-found': { heading: 'Site of the redirects not found', about: 'the site' },
  'redirects-rejected': { heading: 'Redirects rejected', about: 'rejected redirects' },
  'redirects-in-a-loop': { heading: 'Redirects in a loop', about: 'loops' },
  'more-deletions-than-allowed': { heading: 'More deletions than allowed', about: 'deletions' },
  'another-job-of-the-store-is-running': {
    heading: 'Another job of the store is running',
    about: 'jobs at the same time',
  },
  'import-or-export-failed': { heading: 'Import or export failed', about: 'failed imports' },
  'the-site-has-changed-meanwhile': { heading: 'The site has changed meanwhile', about: 'changes at the same time' },
  'batch-file-not-usable': { heading: 'Batch file not usable', about: 'batch files' },
  'records-rejected': { heading: 'Records rejected', about: 'rejected records' },
  'batch-not-uploaded': { heading: 'Batch not uploaded', about: 'batches' },
  'preview-not-deleted': { heading: 'Preview not deleted', about: 'previews that were not deleted' },
  'errors-in-the-workers-log': { heading: "Errors in the worker's log", about: 'errors in the log' },
  'a-permission-is-missing-on-github': { heading: 'A permission is missing on GitHub', about: 'permissions' },
  '207-only-a-part-was-carried-out': { heading: '207: only a part was carried out', about: '207' },
  '3xx-redirect-instead-of-an-answer': { heading: '3xx: redirect instead of an answer', about: 'redirects of an API' },
  '401-access-token-refused': { heading: '401: access token refused', about: '401' },
  '403-access-denied': { heading: '403: access denied', about: '403' },
  '404-not-found': { heading: '404: not found', about: '404' },
  '409-conflict': { heading: '409: conflict', about: '409' },
  '413-too-much-at-once': { heading: '413: too much at once', about: '413' },
  '422-request-rejected': { heading: '422: request rejected', about: '422' },
  '423-locked': { heading: '423: locked', about: '423' },
  '429-rate-limit-reached': { heading: '429: rate limit reached', about: '429' },
  '5xx-fault-of-the-service': { heading: '5xx: fault of the service', about: 'faults of a service' },
  '507-limit-of-the-plan-reached': { heading: '507: limit of the plan reached', about: '507' },
  'no-connection-or-no-answer': { heading: 'No connection, or no answer', about: 'connections' },
  'an-answer-of-a-firewall-or-proxy': { heading: 'An answer of a firewall or proxy', about: 'firewalls' },
  'tls-certificate-not-accepted': { heading: 'TLS certificate not accepted', about: 'certificates' },
  'the-proxy-could-not-be-reached': { heading: 'The proxy could not be reached', about: 'proxies' },
} as const satisfies Readonly<Record<string, Topic>>;

/** An anchor of docs/troubleshooting.md. */
export type HelpTopic = keyof typeof TOPICS;

export const HELP_TOPICS: Readonly<Record<HelpTopic, Topic>> = TOPICS;
