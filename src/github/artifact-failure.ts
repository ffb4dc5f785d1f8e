import { ActionError } from '../errors.ts';
import { foreignWords } from '../net/foreign-body.ts';

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
  /** The package gave up; its words, without secrets. */
  | { kind: 'refused'; message: string; code: string | undefined };

/** Why a bundle could not be kept, in words for the user. */
export function createArtifactError(name: string, fault: ArtifactFault): ActionError {
  const { message, fix, cause } = explain(name, fault);
  return new ActionError(message, { fix, title: 'Artifact not kept', cause });
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
        fix: 'Set `upload-artifact: false`, or keep the zip of the output `bundle-path` with an action that works there.',
      };
    case 'no-service':
      return {
        message:
          'There is no artifact service here: ACTIONS_RUNTIME_TOKEN or ACTIONS_RESULTS_URL is not set, as if this were no GitHub Actions run.',
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
        fix: 'Look whether something removes it, and whether the disk of the runner is full.',
        cause: fault.cause,
      };
    case 'timed-out':
      return {
        message: `The upload of the artifact ${name} was not done after ${Math.round(fault.timeoutMs / 1000)} s and was given up.`,
        fix: 'Look at https://www.githubstatus.com. On a runner of your own, look at its way to GitHub.',
      };
    case 'damaged':
      return {
        message: `The artifact ${name} is not the zip: its SHA-256 is ${fault.digest ?? 'not told'}, that of the zip is ${fault.sha256}.`,
        fix: 'Do not use this artifact.',
      };
    case 'ended':
      return {
        message: `The upload of the artifact ${name} broke off: ${fault.reason}.`,
        fix: 'Run the next job with debug logging, and report what it says as an issue of this action.',
      };
    case 'refused':
      return explainRefusal(name, fault.message, fault.code);
  }
}

/** The package throws plain errors; what they are is in the text alone (its artifact-twirp-client.js and errors.js). */
function explainRefusal(name: string, text: string, code: string | undefined): Explanation {
  if (/quota has been hit|insufficient usage/i.test(text)) {
    return {
      message: `The artifact ${name} was not taken: the storage quota for artifacts is used up.`,
      fix: `Delete old artifacts, or keep new ones for fewer days (\`artifact-retention-days\`); GitHub computes the usage anew every 6 to 12 hours (${STORAGE_DOCS}). Or set \`upload-artifact: false\`.`,
    };
  }
  if (/\(409\)|already exists/i.test(text)) {
    return {
      message: `This run has an artifact named ${name} already.`,
      fix: 'Set `artifact-name` to a name that no other step or job of this run uses.',
    };
  }
  const network = /unable to make request: (\w+)/i.exec(text)?.[1] ?? networkCode(`${code} ${text}`) ?? timedOut(text);
  if (network !== undefined) {
    return {
      message: `The artifact ${name} could not be sent: the connection to GitHub's artifact service failed (${network}).`,
      fix: 'On a runner of your own, let it reach the host of ACTIONS_RESULTS_URL and *.blob.core.windows.net, through HTTPS_PROXY if need be.',
    };
  }
  return {
    message: `The artifact ${name} was not taken: ${shorten(text)}`,
    fix: 'Look at https://www.githubstatus.com. To deploy without an artifact, set `upload-artifact: false`.',
  };
}

/** What `JSON.parse` says of a body that is none, which the package passes on: it quotes some of the body. */
const NOT_JSON = /Unexpected (?:end of JSON input|token '([^']{1,8})', [\s\S]{0,200}?is not valid JSON)/;
const GZIP_START = '\u001f';

function explainNotJson(whole: string, token: string | undefined): string {
  if (token === undefined) return 'an answer without content came';
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
