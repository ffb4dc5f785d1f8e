/**
 * `npm run demo`: deploys a small storefront with the committed action, as a runner would start it, to the embedded
 * platform; prints the job log as a user would see it and says where the rendered summary is.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startEmulator } from '../src/emulator/server.ts';
import { type FinishedRun, parseCommand, runAction } from './action-runner.ts';
import { writeDemoStorefront } from './demo-storefront.ts';
import { renderPage } from './render-page.ts';

const RESULTS = resolve(import.meta.dirname, '..', '.demo');
let depth = 0;
const colours = process.stdout.isTTY === true;
const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

const emulator = await startEmulator({ stepMs: 400, streamCutMs: 1200 });
const workspace = mkdtempSync(join(tmpdir(), 'demo-storefront-'));
try {
  writeDemoStorefront(workspace);
  console.log(paint(1, `The embedded platform listens on ${emulator.origin}; the action deploys ${workspace} to it.`));
  console.log('What follows is the job log as GitHub shows it; the address in it is made up.\n');
  const run = await runAction({
    workspace,
    inputs: {
      'api-host': emulator.origin,
      'store-hash': emulator.storeHash,
      'access-token': emulator.accessToken,
      'project-name': emulator.projects[0]?.name ?? '',
      'environment-variables': 'NEXT_PUBLIC_REGION=eu\nLOG_LEVEL=info',
      secrets: 'BIGCOMMERCE_STOREFRONT_TOKEN=demo-storefront-token-0123456789',
    },
    env: { RUNNER_DEBUG: '0' },
    onLine: (line) => show(line),
  });
  report(run);
  rmSync(run.runnerTemp, { recursive: true, force: true });
  process.exitCode = run.exitCode === 0 && run.outputs['outcome'] === 'deployed' ? 0 : 1;
} finally {
  await emulator.close();
  rmSync(workspace, { recursive: true, force: true });
}

/** A line of the log as GitHub's page shows it: groups indent, annotations are named, commands do not show. */
function show(line: string): void {
  const command = parseCommand(line);
  if (command === undefined) console.log(`${'  '.repeat(depth)}${line}`);
  else if (command.name === 'group') {
    console.log(paint(1, `▼ ${command.value}`));
    depth = 1;
  } else if (command.name === 'endgroup') depth = 0;
  else if (command.name === 'error') console.log(paint(31, `Error: ${command.value}`));
  else if (command.name === 'warning') console.log(paint(33, `Warning: ${command.value}`));
}

function report(run: FinishedRun): void {
  mkdirSync(RESULTS, { recursive: true });
  const markdown = join(RESULTS, 'summary.md');
  const page = join(RESULTS, 'summary.html');
  writeFileSync(markdown, run.summary);
  writeFileSync(page, renderPage('Step summary', run.summary));
  console.log(`\n${paint(1, 'Outputs of the step')}`);
  for (const [name, value] of Object.entries(run.outputs)) console.log(`  ${name}: ${value}`);
  console.log(`\n${paint(1, 'Step summary')}`);
  console.log(`  Markdown, as the action wrote it: ${markdown}`);
  console.log(`  As GitHub renders it (open in a browser): ${pathToFileURL(page).href}`);
  console.log(
    `\nThe platform saw ${emulator.requests.length} requests: ${emulator.requests.map(({ call }) => call).join(', ')}.`,
  );
}
