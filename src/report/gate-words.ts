import { type GateDecision, VERDICTS } from '../domain/preview-gate.ts';
import type { GateRecord } from './gate-record.ts';

/** The gate's decisions in words, for log and summary; backticks mark code. */

/** `Deploying #7 to preview` */
export function verdictText({ decision, pullRequest, settings }: GateRecord): string {
  if (decision === undefined || pullRequest === undefined) return 'Nothing to deploy';
  const verb = VERDICTS[decision].deploys ? 'Deploying' : 'Not deploying';
  return `${verb} #${pullRequest.number}${settings === undefined ? '' : ` to ${settings.environment}`}`;
}

/** Whether the event is none of the gate's business, and nobody has to do anything. */
export function isNothingToDo(record: GateRecord): boolean {
  const { decision, failure } = record;
  if (decision === undefined || failure !== undefined) return false;
  return VERDICTS[decision].reason === 'not-applicable' && nextText(record) === undefined;
}

const REASONS: Readonly<Record<GateDecision, (record: GateRecord) => string>> = {
  newest: () => 'It is the newest open pull request that can deploy.',
  'every-push': () => 'The policy is `all`: every push deploys.',
  claim: () => 'It claimed the preview by command, and no other pull request has taken it since.',
  command: (record) => `${commanderOf(record)} claimed the preview for it with a comment.`,
  'not-newest': ({ newest }) => `The policy is \`newest\`, and the newest open pull request is #${newest}.`,
  'manual-only': () => 'The policy is `command`: no push deploys by itself.',
  fork: () => 'Its head is in another repository, whose code does not get the secrets of this one.',
  'not-permitted': (record) => `${commanderOf(record)} has no write access to this repository.`,
  'other-event': ({ eventName }) =>
    `The event is ${eventName}: the gate decides on pull requests, and on comments on them.`,
  closed: () => 'It is closed.',
  dependabot: () =>
    "Dependabot started this run, and GitHub gives its runs none of the repository's Actions secrets. Nothing is wrong.",
  'not-created': () => 'The comment was edited or deleted: only a new one is a command.',
  'no-pull-request': () => 'The comment is on an issue that is no pull request.',
  'no-command': (record) => `The comment's first line does not begin with ${phraseOf(record)}.`,
};

const COMMANDED: readonly GateDecision[] = ['not-newest', 'manual-only', 'dependabot'];

/** In a sentence. */
export function reasonText(record: GateRecord): string {
  return record.decision === undefined ? '' : REASONS[record.decision](record);
}

/** What the user can do; undefined where there is nothing to be done. */
export function nextText(record: GateRecord): string | undefined {
  const { decision } = record;
  if (decision === undefined) return undefined;
  if (COMMANDED.includes(decision)) {
    return `To deploy it anyway, comment ${phraseOf(record)} on the pull request; only people with write access to the repository can give the command.`;
  }
  if (decision === 'fork') return 'To preview it, push its branch to this repository.';
  if (decision === 'not-permitted') return 'Somebody with write access to the repository can give the command.';
  return undefined;
}

function commanderOf({ commander }: GateRecord): string {
  return commander ?? 'Somebody whose account no longer exists';
}

function phraseOf({ settings }: GateRecord): string {
  return `\`${settings?.commandPhrase ?? ''}\``;
}
