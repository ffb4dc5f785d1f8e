/**
 * `npm run demo`: deploys a small storefront with the committed action, as a runner would start it, to the embedded
 * platform; prints the job log as a user would see it and says where the rendered summary is. `npm run demo --
 * pull-request` does so for a pull request, with its comment; `npm run demo -- preview` shows a preview's life,
 * `redirects` an import of redirects, a plan and its sync, `batch` batches for Sitecore CDP, `logs` a worker that throws,
 * its log and the support bundle. `npm run demo -- --serve` serves what it has deployed until Ctrl+C, with `--once` until it
 * has fetched some pages.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator, EmulatorOptions } from '../emulator/emulator.ts';
import { startEmulator } from '../emulator/server.ts';
import { MiniflareMissingError } from '../emulator/services/storefront/miniflare.ts';
import { UsageError } from '../emulator/usage-error.ts';
import type { FinishedRun } from './action-runner.ts';
import { parseDemoArguments } from './demo-arguments.ts';
import { showBatch } from './demo-batch.ts';
import { showLogs } from './demo-logs.ts';
import { PULL_REQUEST, pullRequestEvent, runInPlatform, VARIABLES } from './demo-platform.ts';
import { showPreview } from './demo-preview.ts';
import { paint, printGitHubDeployments, printLine, printOutputs, printRequests, writeDemoFile } from './demo-print.ts';
import { showRedirects } from './demo-redirects.ts';
import { showServed } from './demo-serve.ts';
import { writeDemoStorefront } from './demo-storefront.ts';

interface Scene {
  /** Returns whether everything ended as expected. */
  show: (emulator: Emulator, workspace: string) => Promise<boolean>;
  options?: EmulatorOptions;
}

const PRODUCTION: Scene = { show: showProduction };

const SCENES: Readonly<Record<string, Scene>> = {
  production: PRODUCTION,
  'pull-request': { show: showPullRequest },
  preview: { show: showPreview },
  redirects: { show: showRedirects },
  batch: { show: showBatch },
  logs: { show: showLogs, options: { serve: true, servePort: 0 } },
};

try {
  const { demo, serving } = parseDemoArguments(process.argv.slice(2), Object.keys(SCENES));
  if (serving === undefined) await show(SCENES[demo] ?? PRODUCTION);
  else {
    const { options, isOnce } = serving;
    await show({ show: (emulator, workspace) => showServed(emulator, workspace, isOnce), options });
  }
} catch (error) {
  console.error(explain(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @returns the words for what the user can mend; anything else as it is, to be shown with its stack */
function explain(error: unknown): unknown {
  if (error instanceof UsageError || error instanceof MiniflareMissingError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}\nAnother program uses that port: \`npm run demo -- --serve --serve-port 0\` takes any free one.`;
  }
  return error;
}

async function show({ show: showScene, options = {} }: Scene): Promise<void> {
  const emulator = await startEmulator({
    stepMs: 400,
    streamCutMs: 1200,
    projects: ['demo-storefront', 'demo-preview'],
    ...options,
  });
  const workspace = mkdtempSync(join(tmpdir(), 'demo-storefront-'));
  try {
    writeDemoStorefront(workspace);
    console.log(paint(1, `The embedded platform listens on ${emulator.origin}; the workspace is ${workspace}.`));
    process.exitCode = (await showScene(emulator, workspace)) ? 0 : 1;
  } finally {
    await emulator.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function showProduction(emulator: Emulator, workspace: string): Promise<boolean> {
  const inputs = { 'project-name': 'demo-storefront', ...VARIABLES };
  printStart();
  const run = await runInPlatform(emulator, { workspace, inputs, onLine: printLine });
  printOutputs(run);
  writeDemoFile('summary', 'summary', 'Step summary', run.summary);
  return finish(run, emulator);
}

async function showPullRequest(emulator: Emulator, workspace: string): Promise<boolean> {
  await deployToProduction(emulator, workspace);
  const inputs = { 'project-name': 'demo-preview', ...VARIABLES };
  printStart();
  const event = pullRequestEvent(emulator);
  const run = await runInPlatform(emulator, { workspace, inputs, event, onLine: printLine });
  printOutputs(run);
  writeDemoFile('summary', 'summary-pull-request', 'Step summary', run.summary);
  const comment = emulator.github.comments.find(({ issueNumber }) => issueNumber === PULL_REQUEST);
  writeDemoFile('comment', 'comment', 'Comment on the pull request', comment?.body ?? '');
  return finish(run, emulator);
}

function printStart(): void {
  console.log('What follows is the job log as GitHub shows it; the addresses in it are made up.\n');
}

function finish(run: FinishedRun, emulator: Emulator): boolean {
  printGitHubDeployments(emulator);
  printRequests(emulator);
  rmSync(run.runnerTemp, { recursive: true, force: true });
  return run.exitCode === 0 && run.outputs['outcome'] === 'deployed';
}

/** A baseline for the pull request's bundle: production has one font less. */
async function deployToProduction(emulator: Emulator, workspace: string): Promise<void> {
  console.log('First, without its log, a deployment of main to production: the pull request is compared with it.');
  const inputs = { 'project-name': 'demo-storefront', exclude: '/assets/_next/static/media/font-12.woff2' };
  const run = await runInPlatform(emulator, { workspace, inputs });
  if (run.exitCode !== 0) throw new Error(`the deployment to production failed:\n${run.lines.join('\n')}`);
  rmSync(run.runnerTemp, { recursive: true, force: true });
}
