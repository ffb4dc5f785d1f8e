import { limitLabel } from './limits.ts';
import { link, text } from './markdown.ts';

/** What the check run of a command says. Pure. */

/** How the gate ended; only the post step shows `handed-on`, when nobody has closed the check. */
export const GATE_ENDS = ['accepted', 'handed-on', 'failed', 'cancelled'] as const;
export type GateEnd = (typeof GATE_ENDS)[number];

export interface CheckText {
  title: string;
  /** Markdown. */
  summary: string;
}

export interface GateCheckRecord {
  environment: string;
  /** Who gave the command. */
  login: string;
  runUrl: string | undefined;
}

export function renderOpenCheck(record: GateCheckRecord): CheckText {
  return { title: 'Deploying this pull request', summary: `${claimed(record)} ${more(record)}` };
}

type Conclusion = 'success' | 'failure' | 'cancelled';

/** What closes it. A check that the gate closes itself says no more than that the command was accepted. */
export function renderClosedCheck(end: GateEnd, record: GateCheckRecord): CheckText & { conclusion: Conclusion } {
  const [conclusion, title, what] = ENDS[end];
  return { conclusion, title, summary: `${claimed(record)} ${what} ${more(record)}` };
}

const ENDS: Readonly<Record<GateEnd, readonly [Conclusion, string, string]>> = {
  accepted: [
    'success',
    'Deploying this pull request: see the run',
    'This check does not say whether the deployment succeeds.',
  ],
  // `neutral` would satisfy a check that is required, and nothing was deployed.
  'handed-on': ['cancelled', 'No deployment closed this check', 'The job ended before a deployment closed this check.'],
  failed: ['failure', 'The preview gate failed', 'The preview gate failed, so its run deploys nothing.'],
  cancelled: [
    'cancelled',
    'The preview gate was cancelled',
    'The preview gate was cancelled, so its run deploys nothing.',
  ],
};

function claimed({ environment, login }: GateCheckRecord): string {
  return `${text(limitLabel(login))} claimed the shared preview (${text(limitLabel(environment))}) for this pull request with a comment.`;
}

function more({ runUrl }: GateCheckRecord): string {
  return runUrl === undefined ? 'See the run.' : `See ${link('the run', runUrl)}.`;
}
