/** What the demo prints: a job's log as GitHub's page shows it, and its results. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Emulator } from '../emulator/emulator.ts';
import { isCallOf } from '../emulator/service.ts';
import { sitecore } from '../emulator/services/sitecore/index.ts';
import type { FinishedRun } from './action-runner.ts';
import { type PageFrame, renderPage } from './render-page.ts';
import { parseCommand } from './runner-commands.ts';

/** The sides that the embedded platform plays, and which calls are whose: BigCommerce's are what is left. */
const SIDES: readonly (readonly [side: string, isItsCall: (call: string) => boolean])[] = [
  ['GitHub', (call) => call.startsWith('github.')],
  ['GitHub artifacts', (call) => call.startsWith('artifacts.')],
  ['Sitecore CDP', (call) => isCallOf(sitecore, call)],
  ['BigCommerce', () => true],
];

const RESULTS = resolve(import.meta.dirname, '..', '.demo');

let depth = 0;
const colours = process.stdout.isTTY === true;

export function paint(code: number, text: string): string {
  return colours ? `\u001b[${code}m${text}\u001b[0m` : text;
}

export function printHeading(text: string): void {
  console.log(`\n${paint(1, text)}`);
}

/** Of a demo that tells a story of several jobs. */
export function printChapter(number: number, of: number, title: string): void {
  console.log(`\n${paint(7, ` ${number} of ${of} · ${title} `)}\n`);
}

/** A line of the log as GitHub's page shows it: groups indent, annotations are named, commands do not show. */
export function printLine(line: string): void {
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

/** `result` has thousands. */
const MAX_OUTPUT_CHARS = 400;

export function printOutputs(run: FinishedRun): void {
  printHeading('Outputs of the step');
  for (const [name, value] of Object.entries(run.outputs)) {
    console.log(`  ${name}: ${value.length > MAX_OUTPUT_CHARS ? `${value.slice(0, MAX_OUTPUT_CHARS)}…` : value}`);
  }
}

/** Annotations as the page of a run lists them. */
export function printAnnotations({ annotations }: FinishedRun): void {
  printHeading('Annotations');
  for (const { level, title = '', message } of annotations) {
    console.log(`  ${level}: ${title}`);
    for (const line of message.split('\n')) console.log(`    ${line}`);
  }
}

/** Annotations of lines of files, as the page of a pull request shows them beside the changes. */
export function printLineAnnotations({ annotations }: FinishedRun): void {
  printHeading('Annotations at lines of files');
  for (const { level, file, line, message } of annotations) {
    if (file !== undefined) console.log(`  ${file}:${line} (${level}): ${message}`);
  }
}

export function printGitHubDeployments(emulator: Emulator): void {
  printHeading('GitHub deployments');
  for (const { environment, state, statuses } of emulator.github.deployments) {
    console.log(`  ${environment}: ${state} (${statuses.at(-1)?.description})`);
  }
}

export function printRequests(emulator: Emulator): void {
  printHeading('What the embedded platform was asked');
  let left = emulator.requests.map(({ call }) => call);
  for (const [side, isItsCall] of SIDES) {
    const calls = left.filter(isItsCall).map((call) => call.replace(/^(?:github|artifacts)\./, ''));
    left = left.filter((call) => !isItsCall(call));
    if (calls.length > 0) console.log(`  ${side}: ${calls.join(', ')}`);
  }
}

/** The lines of a file that an output names. @returns its text; '' where there is none */
export function printOutputFile({ outputs }: FinishedRun, output: string): string {
  const path = outputs[output];
  const text = path === undefined ? '' : readFileSync(path, 'utf8');
  printHeading(`The file that \`${output}\` names`);
  for (const line of text.trimEnd().split('\n')) console.log(`  ${line}`);
  return text;
}

/** Keeps a text as it was written, and as a page. */
export function writeDemoFile(frame: PageFrame, name: string, title: string, text: string): void {
  mkdirSync(RESULTS, { recursive: true });
  const markdown = join(RESULTS, `${name}.md`);
  const page = join(RESULTS, `${name}.html`);
  writeFileSync(markdown, text);
  writeFileSync(page, renderPage(title, text, frame));
  printHeading(title);
  console.log(`  Markdown, as the action wrote it: ${markdown}`);
  console.log(`  As GitHub renders it (open in a browser): ${pathToFileURL(page).href}`);
}

/** A job's summary; what the job has left on the runner goes. */
export function keepSummary(run: FinishedRun, name: string): void {
  writeDemoFile('summary', name, 'Step summary', run.summary);
  rmSync(run.runnerTemp, { recursive: true, force: true });
}
