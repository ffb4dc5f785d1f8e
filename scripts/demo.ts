/**
 * `npm run demo`: deploys a small storefront with the committed action, as a runner would start it, to the embedded
 * platform; prints the job log as a user would see it and says where the rendered summary is. `npm run demo --
 * pull-request` does so for a pull request, with its comment.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Emulator } from '../src/emulator/emulator.ts';
import { startEmulator } from '../src/emulator/server.ts';
import type { FinishedRun } from './action-runner.ts';
import { PULL_REQUEST, pullRequestEvent, runInPlatform } from './demo-platform.ts';
import { writeDemoStorefront } from './demo-storefront.ts';
import { type PageFrame, renderPage } from './render-page.ts';
import { parseCommand } from './runner-commands.ts';

/** The sides that the embedded platform plays. Each has a prefix of its own for its calls; BigCommerce's have none. */
const SIDES = [
  ['BigCommerce', ''],
  ['GitHub', 'github.'],
  ['GitHub artifacts', 'artifacts.'],
] as const;

const RESULTS = resolve(import.meta.dirname, '..', '.demo');
const SCENES = ['production', 'pull-request'] as const;
type Scene = (typeof SCENES)[number];

let depth = 0;
const colours = process.stdout.isTTY === true;
const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

const asked = process.argv[2] ?? 'production';
const scene = SCENES.find((name) => name === asked);
if (scene === undefined) {
  console.error(`There is no demo "${asked}": it is one of ${SCENES.join(', ')}.`);
  process.exitCode = 2;
} else {
  await show(scene);
}

async function show(chosen: Scene): Promise<void> {
  const emulator = await startEmulator({
    stepMs: 400,
    streamCutMs: 1200,
    projects: ['demo-storefront', 'demo-preview'],
  });
  const workspace = mkdtempSync(join(tmpdir(), 'demo-storefront-'));
  try {
    writeDemoStorefront(workspace);
    console.log(
      paint(1, `The embedded platform listens on ${emulator.origin}; the action deploys ${workspace} to it.`),
    );
    if (chosen === 'pull-request') await deployToProduction(emulator, workspace);
    console.log('What follows is the job log as GitHub shows it; the addresses in it are made up.\n');
    const run = await deploy(chosen, emulator, workspace);
    report(run, emulator, chosen);
    rmSync(run.runnerTemp, { recursive: true, force: true });
    process.exitCode = run.exitCode === 0 && run.outputs['outcome'] === 'deployed' ? 0 : 1;
  } finally {
    await emulator.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** Something that the pull request's bundle can be compared with: production has one image less. */
async function deployToProduction(emulator: Emulator, workspace: string): Promise<void> {
  console.log('First, without its log, a deployment of main to production: the pull request is compared with it.');
  const inputs = { 'project-name': 'demo-storefront', exclude: '/assets/images/product-12.webp' };
  const run = await runInPlatform(emulator, { workspace, inputs });
  if (run.exitCode !== 0) throw new Error(`the deployment to production failed:\n${run.lines.join('\n')}`);
  rmSync(run.runnerTemp, { recursive: true, force: true });
}

async function deploy(chosen: Scene, emulator: Emulator, workspace: string): Promise<FinishedRun> {
  const isPullRequest = chosen === 'pull-request';
  return await runInPlatform(emulator, {
    workspace,
    inputs: {
      'project-name': isPullRequest ? 'demo-preview' : 'demo-storefront',
      'environment-variables': 'NEXT_PUBLIC_REGION=eu\nLOG_LEVEL=info',
      secrets: 'BIGCOMMERCE_STOREFRONT_TOKEN=demo-storefront-token-0123456789',
    },
    ...(isPullRequest ? { event: pullRequestEvent(emulator) } : {}),
    onLine: printLine,
  });
}

/** A line of the log as GitHub's page shows it: groups indent, annotations are named, commands do not show. */
function printLine(line: string): void {
  const command = parseCommand(line);
  if (command === undefined) console.log(`${'  '.repeat(depth)}${line}`);
  else if (command.name === 'group') {
    console.log(paint(1, `▼ ${command.value}`));
    depth = 1;
  } else if (command.name === 'endgroup') depth = 0;
  else if (command.name === 'error') console.log(paint(31, `Error: ${command.value}`));
  else if (command.name === 'notice') console.log(paint(34, `Notice: ${command.value}`));
  else if (command.name === 'warning') console.log(paint(33, `Warning: ${command.value}`));
}

function report(run: FinishedRun, emulator: Emulator, chosen: Scene): void {
  console.log(`\n${paint(1, 'Outputs of the step')}`);
  for (const [name, value] of Object.entries(run.outputs)) console.log(`  ${name}: ${value}`);
  if (chosen === 'pull-request') {
    writeDemoFile('summary', `summary-${chosen}`, 'Step summary', run.summary);
    const comment = emulator.github.comments.find(({ issueNumber }) => issueNumber === PULL_REQUEST);
    writeDemoFile('comment', 'comment', 'Comment on the pull request', comment?.body ?? '');
  } else writeDemoFile('summary', 'summary', 'Step summary', run.summary);
  console.log(`\n${paint(1, 'GitHub deployments')}`);
  for (const { environment, state, statuses } of emulator.github.deployments) {
    console.log(`  ${environment}: ${state} (${statuses.at(-1)?.description})`);
  }
  console.log(`\n${paint(1, 'What the embedded platform was asked')}`);
  for (const [side, prefix] of SIDES) {
    const calls = emulator.requests.map(({ call }) => call).filter((call) => sideOf(call) === prefix);
    if (calls.length > 0) console.log(`  ${side}: ${calls.map((call) => call.slice(prefix.length)).join(', ')}`);
  }
}

function sideOf(call: string): string {
  return /^(?:github|artifacts)\./.exec(call)?.[0] ?? '';
}

function writeDemoFile(frame: PageFrame, name: string, title: string, text: string): void {
  mkdirSync(RESULTS, { recursive: true });
  const markdown = join(RESULTS, `${name}.md`);
  const page = join(RESULTS, `${name}.html`);
  writeFileSync(markdown, text);
  writeFileSync(page, renderPage(title, text, frame));
  console.log(`\n${paint(1, title)}`);
  console.log(`  Markdown, as the action wrote it: ${markdown}`);
  console.log(`  As GitHub renders it (open in a browser): ${pathToFileURL(page).href}`);
}
