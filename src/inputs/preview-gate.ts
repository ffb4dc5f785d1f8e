import { PREVIEW } from '../domain/github-deployment.ts';
import { GATE_POLICIES, type GatePolicy } from '../domain/preview-gate.ts';
import { maskGitHubToken, parseEnvironment, parsePhrase, readCommentGroup, readGitHubToken } from './github.ts';
import { choiceParser, type Parsed, parseBoolean } from './parsers.ts';
import { InputProblems } from './problems.ts';
import { readValue } from './readers.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';

/** The inputs of the preview gate, checked and typed. */
export interface GateInputs {
  policy: GatePolicy;
  commandPhrase: string;
  environment: string;
  comment: boolean;
  /** Null: the preview has a comment of its own. */
  commentGroup: string | null;
  keepCheckOpen: boolean;
  checkName: string;
  /** Null where it is empty. */
  token: string | null;
}

const MAX_CHECK_NAME_CHARACTERS = 100;

/** What an empty input means; `action.yml` says the same. */
const DEFAULTS = { policy: 'newest', commandPhrase: 'redeploy preview', checkName: 'Shared preview' } as const;

/** @throws InputError with every problem */
export function readGateInputs(source: InputSource): GateInputs {
  maskGitHubToken(source);
  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  return problems.finish<GateInputs>({
    policy: readValue(context, 'policy', choiceParser(GATE_POLICIES), DEFAULTS.policy),
    commandPhrase: readValue(context, 'command-phrase', parsePhrase, DEFAULTS.commandPhrase),
    environment: readValue(context, 'environment', parseEnvironment, PREVIEW),
    comment: readValue(context, 'comment', parseBoolean, true),
    commentGroup: readCommentGroup(context),
    keepCheckOpen: readValue(context, 'keep-check-open', parseBoolean, false),
    checkName: readValue(context, 'check-name', parseCheckName, DEFAULTS.checkName),
    token: readGitHubToken(context),
  });
}

/** The token alone, for the post step; undefined when it is empty or wrong. */
export function readGateToken(source: InputSource): string | undefined {
  maskGitHubToken(source);
  return readGitHubToken({ source, problems: new InputProblems() }) ?? undefined;
}

function parseCheckName(text: string): Parsed<string> {
  const allowed = `one line of at most ${MAX_CHECK_NAME_CHARACTERS} characters.`;
  if (text.length > MAX_CHECK_NAME_CHARACTERS) return { ok: false, reason: 'is too long', allowed };
  if (/\p{Cc}/u.test(text)) return { ok: false, reason: 'holds line breaks or control characters', allowed };
  return { ok: true, value: text };
}
