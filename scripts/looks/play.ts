import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import { type FinishedRun, QUICK_START, startAction } from '../action-runner.ts';
import { platformOptions } from '../demo-platform.ts';
import type { Document, Kind, Played, Stage, StageRun } from './kind.ts';

/** The action is used from a repository on GitHub, so that links lead to its documents. */
const AS_PUBLISHED = { GITHUB_ACTION_REPOSITORY: 'OWNER/catalyst-deploy-action', GITHUB_ACTION_REF: 'v1' };

/** Plays a kind in a platform of its own. @throws Error when a step of it fails */
export async function playKind(kind: Kind): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'looks-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const emulator = await startEmulator({ stepMs: 10, ...kind.platform });
  const cleanUps: (() => unknown)[] = [];
  const stage = createStage(emulator, workspace, (cleanUp) => cleanUps.push(cleanUp));
  try {
    const run = await kind.play(stage);
    return { kind, run, documents: [...summaryOf(run), ...stage.documents, ...stage.changes()] };
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type KeepingStage = Stage & { documents: readonly Document[]; changes(): Document[] };

function createStage(emulator: Emulator, workspace: string, onCleanUp: Stage['onCleanUp']): KeepingStage {
  const documents: Document[] = [];
  let before = new Map<string, string>();
  const start = (options: StageRun) => {
    before = shownOn(emulator);
    const given = {
      workspace,
      measuresMemory: false,
      ...options,
      env: { ...QUICK_START, ...AS_PUBLISHED, ...options.env },
    };
    const started = startAction(platformOptions(emulator, given));
    onCleanUp(() => started.kill('SIGKILL'));
    void started.finished.then(({ runnerTemp }) => {
      onCleanUp(() => rmSync(runnerTemp, { recursive: true, force: true }));
    });
    return started;
  };
  const changes = () => {
    const changed = [...shownOn(emulator)].filter(([name, markdown]) => before.get(name) !== markdown);
    return changed.map(([name, markdown]) => toDocument(name, markdown)).toSorted(byName);
  };
  return {
    ...{ emulator, workspace, onCleanUp, start, documents, changes },
    run: (options) => start(options).finished,
    showComments: (name) => {
      const comments = changes().filter(({ frame }) => frame === 'comment');
      documents.push(...comments.map((one) => ({ ...one, name: `${name}-${one.name}` })));
    },
  };
}

function byName(one: Document, other: Document): number {
  return one.name.localeCompare(other.name);
}

/** Which API host it is, a summary says only where it is not BigCommerce's, as here. */
const API_HOST = / · API host <code>[^<]*<\/code>|API host <code>[^<]*<\/code> · /g;

function summaryOf({ summary }: FinishedRun): Document[] {
  const markdown = summary.replace(API_HOST, '');
  return markdown.trim() === '' ? [] : [{ name: 'summary', frame: 'summary', markdown }];
}

/** The actions' own comments and check runs, by names that are the same in each run. */
function shownOn({ github }: Emulator): Map<string, string> {
  const comments = github.comments.filter(({ user }) => user.login === github.login);
  return new Map([
    ...comments.map(({ issueNumber, body }) => [`comment-${issueNumber}`, body] as const),
    ...github.checkRuns.map(({ output }, index) => {
      const { title, summary, text } = output;
      return [`check-${index + 1}`, `# ${title ?? ''}\n\n${summary ?? ''}\n\n${text ?? ''}`] as const;
    }),
  ]);
}

function toDocument(name: string, markdown: string): Document {
  return { name, frame: name.startsWith('comment') ? 'comment' : 'summary', markdown };
}
