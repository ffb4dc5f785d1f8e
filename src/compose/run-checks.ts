import { dirname } from 'node:path';
import {
  type BuildFolders,
  hasSecretsForForks,
  refuseForkCode,
  refuseNamedForkCode,
} from '../actions/workspace-check.ts';
import type { WorkflowEvent } from '../github/event.ts';
import { type HeldCommits, isInRepository, readHeldCommits } from '../github/workspace.ts';
import { timeoutSignal } from '../pause.ts';
import type { Redactor } from '../report/redactor.ts';
import type { Logger } from '../report/run-events.ts';
import { createConnect } from './github.ts';

/** To ask whether a pull request comes from a fork: the run cannot continue without the answer. */
const ASKING_MS = 60_000;

export interface CodeCheck {
  event: WorkflowEvent;
  /** Absolute. */
  workspace: string;
  /** Whether an access token is given, valid or not. */
  hasAccessToken: boolean;
  /** To ask GitHub with; undefined if it is empty or wrong. */
  githubToken: string | undefined;
  /** From the input or the event; undefined if there is none, or if it is wrong. */
  pullRequest: number | undefined;
  /** Folders to check besides the workspace, absolute. */
  folders: readonly string[];
  /** Folders of the bundle or the files, absolute. */
  taken: readonly string[];
  /** The commits in them, if read already. */
  held?: HeldCommits;
  report: Pick<Logger, 'info' | 'debug'>;
  redactor: Pick<Redactor, 'redactPublic'>;
  signal: AbortSignal;
}

/**
 * Refuses a fork's code in a run that has secrets, before anything is sent except to GitHub.
 * @throws ActionError
 */
export async function checkWhoseCode(check: CodeCheck): Promise<void> {
  const { event, hasAccessToken, pullRequest, signal } = check;
  if (!hasSecretsForForks(event)) return;
  const folders = await lookAt(check);
  const isNothingKnown = folders.commits.length === 0 && folders.unreadable.length === 0;
  // Then the missing token is reported first: nothing can be sent without it.
  if (isNothingKnown && !hasAccessToken) return;
  const named = { pullRequest, read: createRead(check), signal };
  refuseForkCode(event, folders);
  await refuseNamedForkCode(event, folders, named);
}

/**
 * The same for files; goes by the event alone.
 * @param files absolute
 * @throws ActionError
 */
export async function checkWhoseFiles(event: WorkflowEvent, workspace: string, files: readonly string[]) {
  if (!hasSecretsForForks(event)) return;
  const folders = [...new Set(files.map((file) => dirname(file)))];
  refuseForkCode(event, await lookAt({ workspace, folders, taken: folders }));
}

type LookedAt = Pick<CodeCheck, 'workspace' | 'folders' | 'taken' | 'held'>;

async function lookAt({ workspace, folders, taken, held }: LookedAt): Promise<BuildFolders> {
  const isOutside = !taken.every((folder) => isInRepository(folder, workspace));
  return { ...(held ?? (await readHeldCommits([...folders, workspace], workspace))), isOutside };
}

function createRead({ event, githubToken: token, report, redactor, signal }: CodeCheck) {
  return async (number: number) => {
    if (token === undefined) return undefined;
    const time = AbortSignal.any([signal, timeoutSignal(ASKING_MS)]);
    const connect = createConnect({ token, writesComments: false, event, report, redactor });
    return await (await connect(time, ASKING_MS)).readPullRequest(number);
  };
}
