import { CallError } from '../net/errors.ts';
import { foreignWords } from '../net/foreign-body.ts';
import { REDIRECTED } from './artifact-message.ts';

const STORAGE_DOCS = 'https://docs.github.com/billing/concepts/product-billing/github-actions';
const MAX_REASON_LENGTH = 500;

export type ArtifactFault =
  | { kind: 'enterprise-server'; serverUrl: string }
  | { kind: 'no-service' }
  | { kind: 'bad-name'; reason: string }
  | { kind: 'unreadable'; path: string; cause: unknown }
  | { kind: 'timed-out'; timeoutMs: number }
  | { kind: 'damaged'; sha256: string; digest: string | undefined }
  | { kind: 'ended'; reason: string }
  /**
   * The package gave up; its words, without secrets. `status` is the blob store's; `answered` is that of an answer of
   * the service's that could not be read.
   */
  | {
      kind: 'refused';
      message: string;
      code: string | undefined;
      status: number | undefined;
      answered: number | undefined;
    };

/** When another try may help: `now`; `later`, such as at the end of the run; never. */
export type ArtifactRetry = 'now' | 'later' | 'never';

/** A bundle could not be stored as an artifact. */
export class ArtifactError extends CallError {
  readonly retry: ArtifactRetry;
  readonly transient: boolean;
  /** This run has an artifact of this name, or has begun one. */
  readonly isNameTaken: boolean;
  /** It only means that time ran out. */
  readonly isTimeout: boolean;
  /** It may exist nevertheless: only the answer is missing. */
  readonly mayBeThere: boolean;

  constructor(message: string, options: { fix: string; cause: unknown; fault: ArtifactFault }) {
    const { fault, fix, cause } = options;
    super(message, { fix, topic: 'artifact-not-stored', title: 'Artifact not stored', cause });
    this.retry = retryOf(fault);
    this.transient = this.retry !== 'never';
    this.isNameTaken = fault.kind === 'refused' && isNameTaken(fault.message);
    this.isTimeout = fault.kind === 'timed-out';
    this.mayBeThere = this.transient && (fault.kind !== 'refused' || /FinalizeArtifact/.test(fault.message));
  }
}

type Refused = Extract<ArtifactFault, { kind: 'refused' }>;

/** The package only retries after server faults and limits, not after refusals or broken connections. */
function retryOf(fault: ArtifactFault): ArtifactRetry {
  if (fault.kind === 'timed-out') return 'later';
  // If an answer breaks off, the package waits in vain.
  if (fault.kind === 'ended') return 'now';
  if (fault.kind !== 'refused') return 'never';
  const { message, code } = fault;
  // A proxy refuses each time.
  if (isQuota(message) || isNameTaken(message) || /\bproxy\b|tunneling socket/i.test(message)) return 'never';
  if (networkFaultOf(message, code) !== undefined) return 'now';
  const status = statusOf(fault);
  // A 403 of the store means a signature that is expired, or not valid yet: each try gets its own.
  if (status === 401 || (status === 403 && fault.status === 403)) return 'now';
  // An empty answer is from something on the way.
  return status === undefined || status < 400 || status === 429 || status >= 500 ? 'later' : 'never';
}

function statusOf({ message, status, answered }: Refused): number | undefined {
  const named = /\((\d{3})\)/.exec(message)?.[1];
  return named === undefined ? (status ?? answered) : Number(named);
}

function isQuota(text: string): boolean {
  return /quota has been hit|insufficient usage/i.test(text);
}

function isNameTaken(text: string): boolean {
  return /\(409\)|already exists/i.test(text);
}

function networkFaultOf(text: string, code: string | undefined): string | undefined {
  return /unable to make request: (\w+)/i.exec(text)?.[1] ?? networkCode(`${code} ${text}`) ?? timedOut(text);
}

/** Why a bundle could not be stored, in words for the user. */
export function createArtifactError(name: string, fault: ArtifactFault): ArtifactError {
  const { message, fix, cause } = explain(name, fault);
  return new ArtifactError(message, { fix, cause, fault });
}

interface Explanation {
  message: string;
  fix: string;
  cause?: unknown;
}

function explain(name: string, fault: ArtifactFault): Explanation {
  switch (fault.kind) {
    case 'enterprise-server':
      return {
        message: `Workflow artifacts of this kind do not exist on GitHub Enterprise Server (${fault.serverUrl}).`,
        fix: 'Set `upload-artifact: false`, or store the zip of the output `bundle-path` with an action that works there.',
      };
    case 'no-service':
      return {
        message:
          'There is no artifact service here: ACTIONS_RUNTIME_TOKEN or ACTIONS_RESULTS_URL is not set, as outside of a GitHub Actions run.',
        fix: 'A runner gives both to every action. Outside of GitHub Actions, set `upload-artifact: false`.',
      };
    case 'bad-name':
      return {
        message: `"${name}" cannot be the name of an artifact: ${fault.reason}.`,
        fix: 'Set `artifact-name` to another name.',
      };
    case 'unreadable':
      return {
        message: `The zip ${fault.path} could not be read: ${describe(fault.cause)}.`,
        fix: 'Check whether something removes it, and whether the disk of the runner is full.',
        cause: fault.cause,
      };
    case 'timed-out':
      return {
        message: `The upload of the artifact ${name} did not finish within ${Math.round(fault.timeoutMs / 1000)} s and was given up.`,
        fix: 'Look at https://www.githubstatus.com. On a self-hosted runner, check its connection to GitHub.',
      };
    case 'damaged':
      return {
        message: `The artifact ${name} is not the zip: its SHA-256 is ${fault.digest ?? 'not given'}, that of the zip is ${fault.sha256}.`,
        fix: 'Do not use this artifact.',
      };
    case 'ended':
      return {
        message: `The upload of the artifact ${name} broke off: ${fault.reason}.`,
        fix: 'Run the next job with debug logging, and report what it says as an issue of this action.',
      };
    case 'refused':
      return explainRefusal(name, fault);
  }
}

/** The package throws plain errors; only their text says what they are (its artifact-twirp-client.js and errors.js). */
function explainRefusal(name: string, { message: text, code, answered }: Refused): Explanation {
  if (isQuota(text)) {
    return {
      message: `The artifact ${name} was not accepted: the storage quota for artifacts is used up.`,
      fix: `Delete old artifacts, or store new ones for fewer days (\`artifact-retention-days\`); GitHub recalculates the usage every 6 to 12 hours (${STORAGE_DOCS}). Or set \`upload-artifact: false\`.`,
    };
  }
  if (isNameTaken(text)) {
    return {
      message: `This run already has an artifact named ${name}.`,
      fix: 'Set `artifact-name` to a name that no other step or job of this run uses.',
    };
  }
  if (code === REDIRECTED) {
    return {
      message: `The artifact ${name} was not stored: the artifact service answered with ${text}. None is followed, since the job's token would go along.`,
      fix: 'Check what answers at ACTIONS_RESULTS_URL, such as a proxy or the sign-in page of a network.',
    };
  }
  const network = networkFaultOf(text, code);
  if (network !== undefined) {
    return {
      message: `The artifact ${name} could not be sent: the connection to GitHub's artifact service failed (${network}).`,
      fix: 'Let a self-hosted runner reach the host of ACTIONS_RESULTS_URL and *.blob.core.windows.net, through HTTPS_PROXY if need be.',
    };
  }
  return {
    // An empty answer says nothing; the package only reports that it is not JSON.
    message: `The artifact ${name} was not accepted: ${answered === undefined ? '' : `status ${answered}, `}${shorten(text)}`,
    fix: 'Look at https://www.githubstatus.com. To deploy without an artifact, set `upload-artifact: false`.',
  };
}

/** The error of `JSON.parse`, which the package passes on and which quotes some of the body. */
const NOT_JSON = /Unexpected (?:end of JSON input|token '([^']{1,8})', [\s\S]{0,200}?is not valid JSON)/;
const GZIP_START = '\u001f';

function explainNotJson(whole: string, token: string | undefined): string {
  if (token === undefined) return 'the answer had no content';
  const kind = new Map([
    ['<', 'an HTML page came'],
    [GZIP_START, 'gzip data came'],
  ]).get(token);
  return kind === undefined ? whole : foreignWords(kind, 'JSON');
}

const NETWORK_CODES: ReadonlySet<string> = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'],
  ...['ENETUNREACH', 'EPIPE', 'EPROTO', 'REQUEST_SEND_ERROR'],
]);
const CERTIFICATE_CODE = /^(?:CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_\w+$/;
const HANG_UP = 'socket hang up';

function networkCode(text: string): string | undefined {
  const code = text.match(/\w+/g)?.find((word) => NETWORK_CODES.has(word) || CERTIFICATE_CODE.test(word));
  return code ?? (text.includes(HANG_UP) ? HANG_UP : undefined);
}

function timedOut(text: string): string | undefined {
  return /request timeout|progress stalled/i.test(text) ? 'no answer' : undefined;
}

function describe(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? `${cause.message}` : String(cause);
}

function shorten(given: string): string {
  const text = given.replace(NOT_JSON, explainNotJson);
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const whole = /[.!?]$/.test(line) ? line : `${line}.`;
  return whole.length > MAX_REASON_LENGTH ? `${whole.slice(0, MAX_REASON_LENGTH)}…` : whole;
}
