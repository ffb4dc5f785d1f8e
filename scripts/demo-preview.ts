/** `npm run demo -- preview`: the life of a pull request's own preview: opened, pushed again, closed. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../emulator/emulator.ts';
import type { FinishedRun } from './action-runner.ts';
import { PULL_REQUEST, pullRequestEvent, runInPlatform, VARIABLES } from './demo-platform.ts';
import {
  printChapter,
  printGitHubDeployments,
  printHeading,
  printLine,
  printRequests,
  writeDemoFile,
} from './demo-print.ts';

const CHAPTERS = 3;

/** @returns whether the preview was created, updated and deleted as expected */
export async function showPreview(emulator: Emulator, workspace: string): Promise<boolean> {
  const others = new Set(emulator.projects.map(({ uuid }) => uuid));
  console.log('What follows is the log of three jobs as GitHub shows it; the addresses in it are made up.');
  const deploy = { workspace, inputs: { preview: 'isolated', ...VARIABLES } };

  printChapter(1, CHAPTERS, `Pull request #${PULL_REQUEST} is opened`);
  const opened = await runInPlatform(emulator, {
    ...deploy,
    event: pullRequestEvent(emulator, 'opened'),
    onLine: printLine,
  });
  printState(emulator, opened, 1, others);

  printChapter(2, CHAPTERS, 'A commit is pushed to it');
  emulator.github.addPullRequest({ number: PULL_REQUEST, headSha: '2'.repeat(40) });
  writeFileSync(join(workspace, '.bigcommerce', 'dist', 'assets', 'new-page.html'), '<h1>New</h1>\n');
  const pushed = await runInPlatform(emulator, { ...deploy, event: pullRequestEvent(emulator), onLine: printLine });
  printState(emulator, pushed, 2, others);

  printChapter(3, CHAPTERS, 'It is merged');
  emulator.github.addPullRequest({ number: PULL_REQUEST, isMerged: true });
  const event = pullRequestEvent(emulator, 'closed');
  const closed = await runInPlatform(emulator, { action: 'preview-cleanup', workspace, event, onLine: printLine });
  printState(emulator, closed, 3, others);

  printRequests(emulator);
  const isSameProject = opened.outputs['project-uuid'] === pushed.outputs['project-uuid'];
  const outcomes = [opened, pushed, closed].map(({ outputs }) => outputs['outcome']).join();
  return isSameProject && emulator.projects.length === others.size && outcomes === 'deployed,deployed,deleted';
}

function printState(emulator: Emulator, run: FinishedRun, number: number, others: ReadonlySet<string>): void {
  printHeading("The store's projects");
  for (const { uuid, name, deploymentHostnames } of emulator.projects) {
    const about = others.has(uuid) ? ' (existed before, and is not involved)' : `: https://${deploymentHostnames[0]}`;
    console.log(`  ${name}${about}`);
  }
  printGitHubDeployments(emulator);
  const comment = emulator.github.comments.find(({ issueNumber }) => issueNumber === PULL_REQUEST);
  writeDemoFile('comment', `preview-${number}-comment`, 'Comment on the pull request', comment?.body ?? '');
  writeDemoFile('summary', `preview-${number}-summary`, 'Step summary', run.summary);
  rmSync(run.runnerTemp, { recursive: true, force: true });
}
