/**
 * A deployment as its events describe it. Only the status `completed` is success, only `failed` is failure; everything
 * else, the end of a stream included, is no verdict (API document, section 1, "Event stream").
 */

/** One event of the stream, already typed. */
export interface DeploymentEvent {
  deploymentUuid: string | undefined;
  status: string;
  step: string | undefined;
  /** Percent, 0 to 100. */
  progress: number | undefined;
  errorCode: string | undefined;
  /** Bare host names as the platform gives them. */
  hosts: readonly string[];
  /** The platform is on this machine itself, and serves names under `.localhost` there. */
  isLocal?: boolean;
}

export interface DeploymentState {
  status: string;
  step: string | undefined;
  progress: number | undefined;
  errorCode: string | undefined;
  /** With their scheme, each once; those of the newest event first, in the platform's order. */
  urls: readonly string[];
  /** Statuses and steps seen so far: after a reconnect the platform repeats them. */
  seen: ReadonlySet<string>;
}

export type Verdict = 'completed' | 'failed';

export const INITIAL_STATE: DeploymentState = {
  status: 'created',
  step: undefined,
  progress: undefined,
  errorCode: undefined,
  urls: [],
  seen: new Set(),
};

const MAX_URLS = 20;
/** The platform has about ten. Beyond this many, new ones are no longer reported. */
const MAX_SEEN = 200;

/** The state after an event, and whether the event brought something new. */
export function applyEvent(
  state: DeploymentState,
  event: DeploymentEvent,
): { state: DeploymentState; isNews: boolean } {
  const key = event.step === undefined ? `status ${event.status}` : `step ${event.step}`;
  const verdict = verdictOf(event);
  const isNew = !state.seen.has(key) && state.seen.size < MAX_SEEN;
  const isNews = isNew || verdict !== undefined;
  // The newest event's addresses first: an earlier one may have named a preliminary address.
  const urls = new Set([
    ...event.hosts.map((host) => toUrl(host, event.isLocal)).filter((url) => url !== undefined),
    ...state.urls,
  ]);
  return {
    isNews,
    state: {
      status: event.status,
      step: event.step ?? state.step,
      progress: event.progress ?? (event.step === state.step ? state.progress : undefined),
      errorCode: event.errorCode ?? state.errorCode,
      urls: [...urls].slice(0, MAX_URLS),
      seen: isNew ? new Set([...state.seen, key]) : state.seen,
    },
  };
}

export function verdictOf({ status }: { status: string }): Verdict | undefined {
  return status === 'completed' || status === 'failed' ? status : undefined;
}

/**
 * `https://host` for a bare host (or a URL); undefined for what is no host. Nothing but a host may pass.
 * @param isLocal of a platform on this machine: a name under `.localhost` is one that it serves without TLS
 */
export function toUrl(host: string, isLocal = false): string | undefined {
  const bare = host
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '');
  const scheme = isLocal && /\.localhost(:\d+)?$/i.test(bare) ? 'http' : 'https';
  const url = /^[a-z0-9.-]+(:\d+)?$/i.test(bare) ? URL.parse(`${scheme}://${bare}`) : null;
  return url?.origin;
}

export interface FailureCode {
  meaning: string;
  fix: string;
  /** The same bundle may well succeed at the next try. */
  worthAnotherTry: boolean;
}

/** API document, section 1, table of `error.code`. */
const FAILURE_CODES: ReadonlyMap<string, FailureCode> = new Map(
  Object.entries({
    '10': {
      meaning: "a fault on the platform's side",
      fix: 'Run the job again; if this persists, give BigCommerce support the correlation id and the deployment.',
      worthAnotherTry: true,
    },
    '20': {
      meaning: 'the platform could not fetch the bundle from its storage',
      fix: 'Run the job again: it uploads anew.',
      worthAnotherTry: true,
    },
    '30': {
      meaning: 'the bundle could not be extracted: over 64 MB zipped or 512 MB unzipped, or corrupt',
      fix: 'The sizes were checked before the upload, so the zip was probably damaged on its way: run the job again. If this persists, give BigCommerce support the correlation id.',
      worthAnotherTry: false,
    },
    '40': {
      meaning: 'the build output breaks a limit: worker.js over 40 MB, an asset over 25 MB, or over 1,000 files',
      fix: 'The limits were checked before the upload; look at the largest files, those outside of assets/ above all (no limit is known for them), and the headroom in the step summary. If the build is within the limits, give BigCommerce support the correlation id.',
      worthAnotherTry: false,
    },
    '50': {
      meaning: 'the deployment itself failed, usually for a while only',
      fix: 'Run the job again in a few minutes; if this persists, give BigCommerce support the correlation id.',
      worthAnotherTry: true,
    },
    '60': {
      meaning: 'it was deployed, but the platform could not determine its URL',
      fix: "Look at the project in BigCommerce's control panel: the storefront may be live at its usual address.",
      worthAnotherTry: false,
    },
  }),
);

/** The platform calls it a failure, although the storefront may be live: it was deployed, but has no address. */
export function isDeployedAllTheSame(code: string | undefined): boolean {
  return code === '60';
}

/** What the platform's code means for the user. Unknown codes are not tried again. */
export function explainFailureCode(code: string | undefined): FailureCode {
  return (
    (code === undefined ? undefined : FAILURE_CODES.get(code)) ?? {
      meaning: code === undefined ? 'the platform gave no reason' : 'a code this action does not know yet',
      fix: 'Run the job again; if this persists, give BigCommerce support the correlation id and the deployment.',
      worthAnotherTry: false,
    }
  );
}
