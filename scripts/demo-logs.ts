/** `npm run demo -- logs`: a deployment whose worker throws, its annotations and support bundle, and the log read later. */
import type { Emulator } from '../emulator/emulator.ts';
import type { FinishedRun } from './action-runner.ts';
import { createRuns, runInPlatform, VARIABLES } from './demo-platform.ts';
import {
  keepSummary,
  printAnnotations,
  printChapter,
  printHeading,
  printLine,
  printOutputFile,
  printOutputs,
  printRequests,
} from './demo-print.ts';
import { readZip } from './read-zip.ts';

const CHAPTERS = 2;
/** A page that works, one that does so although its worker logs an error, one that throws. */
const PATHS = ['/', '/stock/', '/boom'];
/** What the worker says of the last two. */
const LOGGED = ['could not be fetched', 'was asked to fail'];

const DIAGNOSTICS = /-diagnostics-attempt-\d+(?:\.zip)?$/;
/** Of each file of the support bundle that is shown. */
const EXCERPT_LINES = 5;
const EXCERPT_COLUMNS = 160;
const EXCERPTS = ['README.txt', 'worker-logs.jsonl', 'requests.json'];

/** @returns whether the deployment was red and explained, and the log action found the same */
export async function showLogs(emulator: Emulator, workspace: string): Promise<boolean> {
  console.log('What follows is the log of two jobs as GitHub shows it. The storefront runs; its pages are asked for.');

  printChapter(1, CHAPTERS, `A deployment; ${PATHS.join(', ')} are verified`);
  const inputs = {
    'project-name': 'demo-storefront',
    'verify-paths': PATHS.join('\n'),
    'verify-timeout-seconds': '3',
    ...VARIABLES,
  };
  const deployed = await runInPlatform(emulator, { workspace, inputs, onLine: printLine });
  printAnnotations(deployed);
  printOutputs(deployed);
  const bundle = await printSupportBundle(emulator);
  keepSummary(deployed, 'logs-1-deployment-summary');

  printChapter(2, CHAPTERS, 'A scheduled job: the errors of the last ten minutes');
  const query = createRuns(emulator, { action: 'logs', workspace, onLine: printLine });
  const { secrets } = VARIABLES;
  const found = await query({
    'project-name': 'demo-storefront',
    since: '10m',
    level: 'error',
    format: 'request',
    'fail-on': 'error',
    secrets,
  });
  printOutputs(found);
  const file = printOutputFile(found, 'file');
  keepSummary(found, 'logs-2-query-summary');

  printRequests(emulator);
  const annotated = deployed.annotations.map(({ message }) => message).join('\n');
  return (
    endOf(deployed) === '1 unhealthy' &&
    endOf(found) === '1 failed' &&
    [annotated, bundle, file].every((text) => LOGGED.every((words) => text.includes(words)))
  );
}

function endOf({ exitCode, outputs }: FinishedRun): string {
  return `${exitCode} ${outputs['outcome']}`;
}

/** The files in it, and how some begin. @returns all that the worker has logged; '' where there is no support bundle */
async function printSupportBundle({ artifacts }: Emulator): Promise<string> {
  const { name, path } = artifacts.list.findLast((one) => DIAGNOSTICS.test(one.name)) ?? {};
  printHeading('The support bundle');
  if (path === undefined) {
    console.log('  None was stored.');
    return '';
  }
  const files = new Map(await readZip(path));
  console.log(`  ${name}`);
  for (const [file, content] of files) console.log(`    ${file.padEnd(24)} ${content.length} bytes`);
  for (const file of EXCERPTS) {
    printHeading(`How ${file} begins`);
    const lines = files.get(file)?.toString().trimEnd().split('\n') ?? [];
    for (const line of lines.slice(0, EXCERPT_LINES)) console.log(`  ${excerptOf(line)}`);
    if (lines.length > EXCERPT_LINES) console.log(`  … and ${lines.length - EXCERPT_LINES} more lines`);
  }
  return files.get('worker-logs.jsonl')?.toString() ?? '';
}

function excerptOf(line: string): string {
  return line.length > EXCERPT_COLUMNS ? `${line.slice(0, EXCERPT_COLUMNS)}…` : line;
}
