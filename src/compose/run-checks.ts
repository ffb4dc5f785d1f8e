import { dirname } from 'node:path';
import {
  type BuildFolders,
  hasSecretsForForks,
  refuseForkCode,
  refuseNamedForkCode,
} from '../actions/workspace-check.ts';
import type { WorkflowEvent } from '../github/event.ts';
import { type HeldCommits, isInRepository, readHeldCommits } from '../github/workspace.ts';
import { hasAccessToken } from '../inputs/credentials.ts';
import { readTokenAlone } from '../inputs/github.ts';
import { pullRequestOf } from '../inputs/preview.ts';
import type { InputSource } from '../inputs/source.ts';
import { timeoutSignal } from '../pause.ts';
import type { Redactor } from '../report/redactor.ts';
import type { Logger } from '../report/run-events.ts';
import { createConnect } from './github.ts';

/** To ask whether a pull request comes from a fork: the run cannot continue without the answer. */
const ASKING_MS = 60_000;

export interface CodeCheck {
  event: WorkflowEvent;
  source: InputSource;
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
  const { event, source, signal } = check;
  if (!hasSecretsForForks(event)) return;
  const folders = await lookAt(check);
  const isNothingKnown = folders.commits.length === 0 && folders.unreadable.length === 0;
  // Then the missing token is reported first: nothing can be sent without it.
  if (isNothingKnown && !hasAccessToken(source)) return;
  const named = { pullRequest: pullRequestOf(source), read: createRead(check), signal };
  refuseForkCode(event, folders);
  await refuseNamedForkCode(event, folders, named);
}

/**
 * The same for files; goes by the event alone.
 * @param files absolute
 * @throws ActionError
 */
export async function checkWhoseFiles(event: WorkflowEvent, source: InputSource, files: readonly string[]) {
  if (!hasSecretsForForks(event)) return;
  const folders = [...new Set(files.map((file) => dirname(file)))];
  refuseForkCode(event, await lookAt({ source, folders, taken: folders }));
}

type LookedAt = Pick<CodeCheck, 'source' | 'folders' | 'taken' | 'held'>;

async function lookAt({ source: { workspace }, folders, taken, held }: LookedAt): Promise<BuildFolders> {
  const isOutside = !taken.every((folder) => isInRepository(folder, workspace));
  return { ...(held ?? (await readHeldCommits([...folders, workspace], workspace))), isOutside };
}

function createRead({ event, source, report, redactor, signal }: CodeCheck) {
  const token = readTokenAlone(source);
  return async (number: number) => {
    if (token === undefined) return undefined;
    const time = AbortSignal.any([signal, timeoutSignal(ASKING_MS)]);
    const connect = createConnect({ token, writesComments: false, event, report, redactor });
    return await (await connect(time, ASKING_MS)).readPullRequest(number);
  };
}
