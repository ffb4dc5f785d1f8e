import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readBatchInputs } from '../../src/inputs/batch-upload.ts';
import { readLocalRedirectsInputs, readRedirectsInputs } from '../../src/inputs/redirects.ts';
import type { InputSource } from '../../src/inputs/source.ts';
import { onPosix } from '../systems.ts';
import { makeSource, makeWorkspace, readDeployInputs, VALID } from './helpers.ts';

/** A reader of inputs, and what it needs beside the path. */
interface Case {
  input: string;
  read: (source: InputSource) => unknown;
  others: Record<string, string>;
  /** It may be anywhere if it is an absolute path. */
  mayBeElsewhere?: true;
}

const REDIRECTS = { 'store-hash': 'abc123', 'access-token': VALID['access-token'], 'site-id': '1000' };

/** Every input that names something to read or to write. Add a row for a new one. */
const CASES: readonly Case[] = [
  { input: 'file', read: readRedirectsInputs, others: { ...REDIRECTS, command: 'plan' } },
  { input: 'file', read: readRedirectsInputs, others: { ...REDIRECTS, command: 'import' } },
  { input: 'file', read: readRedirectsInputs, others: { ...REDIRECTS, command: 'export' } },
  { input: 'file', read: readLocalRedirectsInputs, others: { command: 'sync' } },
  { input: 'files', read: readBatchInputs, others: { 'dry-run': 'true' }, mayBeElsewhere: true },
  { input: 'bundle', read: readDeployInputs, others: VALID, mayBeElsewhere: true },
  { input: 'directory', read: readDeployInputs, others: VALID, mayBeElsewhere: true },
  { input: 'working-directory', read: readDeployInputs, others: VALID },
];

const NAMED_FOLDERS = ['directory', 'working-directory'];

/** A workspace and a runner's temporary folder with links in them, and files outside of both. */
function makePlaces() {
  const workspace = makeWorkspace({ 'in/x': 'x', 'in/dir/x': 'x' });
  const temp = makeWorkspace({ 'in/x': 'x', 'in/dir/x': 'x' });
  const outside = makeWorkspace({ x: 'SECRET=1', 'dir/x': 'SECRET=1' });
  for (const place of [workspace, temp]) {
    symlinkSync(join(outside, 'x'), join(place, 'link-out'));
    symlinkSync(join(outside, 'dir'), join(place, 'link-out-dir'));
    symlinkSync(join(place, 'in/x'), join(place, 'link-in'));
    symlinkSync(join(place, 'in/dir'), join(place, 'link-in-dir'));
  }
  symlinkSync(join(temp, 'in/x'), join(workspace, 'link-temp'));
  symlinkSync(join(temp, 'in/dir'), join(workspace, 'link-temp-dir'));
  return { workspace, temp, outside };
}

function problemOf({ input, read, others }: Case, text: string, places: { workspace: string; temp: string }) {
  const source = makeSource({
    inputs: { ...others, [input]: text },
    env: { RUNNER_TEMP: places.temp },
    workspace: places.workspace,
  });
  try {
    read(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.map((problem) => problem.input)).toEqual([input]);
    expect(error.message).not.toContain('SECRET');
    return `${error.problems[0]?.problem} ${error.problems[0]?.remedy}`;
  }
}

describe.each(CASES)('$input of $read.name, $others.command', (row) => {
  const isFolder = NAMED_FOLDERS.includes(row.input);
  const leaf = (name: string) => (isFolder ? `${name}-dir` : name);

  test('is refused if a link leads out of the workspace', () => {
    const places = makePlaces();
    const target = join(places.outside, isFolder ? 'dir' : 'x');
    expect(problemOf(row, leaf('link-out'), places)).toContain(`leads out of the workspace, to ${target}.`);
    expect(problemOf(row, isFolder ? 'link-out-dir/.' : 'link-out-dir/x', places)).toContain('out of the workspace');
    // Other steps store credentials there: links of a checkout must not lead to them.
    expect(problemOf(row, leaf('link-temp'), places)).toContain('leads out of the workspace');
  });

  test('is refused outside of the workspace, in any spelling', () => {
    if (row.input === 'working-directory') return;
    const places = makePlaces();
    const outside = join(places.outside, isFolder ? 'dir' : 'x');
    if (row.mayBeElsewhere) expect(problemOf(row, outside, places)).toBeUndefined();
    else expect(problemOf(row, outside, places)).toMatch(/is outside of the workspace\. .+ RUNNER_TEMP/);
    const relative = join('..', basename(places.outside), isFolder ? 'dir' : 'x');
    expect(problemOf(row, relative, places)).toContain('is outside of the workspace');
    expect(problemOf(row, join(places.temp, leaf('link-out')), places)).toContain('leads out of RUNNER_TEMP');
  });

  test('may be in the workspace or in RUNNER_TEMP, through links that stay there', () => {
    const places = makePlaces();
    const name = isFolder ? 'in/dir' : 'in/x';
    for (const text of [name, leaf('link-in'), join(places.temp, name), join(places.temp, leaf('link-in'))]) {
      expect([text, problemOf(row, text, places)]).toEqual([text, undefined]);
    }
    const links = makeWorkspace();
    symlinkSync(places.workspace, join(links, 'workspace'));
    symlinkSync(places.temp, join(links, 'temp'));
    const linked = { workspace: join(links, 'workspace'), temp: join(links, 'temp') };
    for (const text of [name, join(linked.temp, name), join(places.workspace, name), join(places.temp, name)]) {
      expect([text, problemOf(row, text, linked)]).toEqual([text, undefined]);
    }
  });
});

test('the workspace may be given by another of its names', () => {
  const { workspace, temp, outside } = makePlaces();
  const links = makeWorkspace();
  symlinkSync(workspace, join(links, 'alias'));
  const row = { input: 'file', read: readLocalRedirectsInputs, others: { command: 'plan' } };
  const problem = (text: string) => problemOf(row, text, { workspace, temp });
  expect(problem(join(links, 'alias/in/x'))).toBeUndefined();
  expect(problem(join('..', basename(links), 'alias/link-in'))).toBeUndefined();
  for (const name of ['link-out', 'link-temp', 'link-out-dir/x'])
    expect(problem(join(links, 'alias', name))).toContain('is outside of the workspace');
  expect(problem(join(outside, 'x'))).toContain('is outside of the workspace');
});

test('a working directory may be elsewhere, and paths in it may not leave it', () => {
  const { workspace, temp, outside } = makePlaces();
  symlinkSync(join(workspace, 'in/x'), join(outside, 'link-out'));
  const row = {
    input: 'file',
    read: readLocalRedirectsInputs,
    others: { command: 'plan', 'working-directory': outside },
  };
  expect(problemOf(row, 'x', { workspace, temp })).toBeUndefined();
  expect(problemOf(row, 'link-out', { workspace, temp })).toContain('leads out of the working directory');
  const beside = makeWorkspace({ x: 'SECRET=1' });
  expect(problemOf(row, `../${basename(beside)}/x`, { workspace, temp })).toContain('is outside of');
});

test('a glob pattern matches nothing through links that lead out', () => {
  const places = makePlaces();
  const [batch] = CASES.filter(({ input }) => input === 'files');
  if (batch === undefined) throw new Error('no row');
  for (const pattern of ['link-out-dir/*', 'link-o*t', '**/link-out']) {
    expect([pattern, problemOf(batch, pattern, places)]).toEqual([
      pattern,
      expect.stringMatching(/leads out of the workspace/),
    ]);
  }
  expect(problemOf(batch, 'in/*', places)).toBeUndefined();
});

test('an output file is not written through a folder that leads out', () => {
  const places = makePlaces();
  symlinkSync(join(places.outside, 'new.csv'), join(places.workspace, 'dangling.csv'));
  const row = { input: 'file', read: readRedirectsInputs, others: { ...REDIRECTS, command: 'export' } };
  // The output replaces the link itself.
  expect(problemOf(row, 'dangling.csv', places)).toBeUndefined();
  expect(problemOf(row, 'link-out-dir/new.csv', places)).toContain('leads out of the workspace');
  expect(problemOf(row, 'in/new.csv', places)).toBeUndefined();
});

onPosix('anything but a file is refused without being opened', () => {
  const places = makePlaces();
  execFileSync('mkfifo', [join(places.workspace, 'fifo')]);
  mkdirSync(join(places.workspace, 'folder'));
  writeFileSync(join(places.workspace, 'folder/file'), '');
  for (const row of CASES.filter(({ input }) => !NAMED_FOLDERS.includes(input))) {
    expect(problemOf(row, 'fifo', places)).toMatch(/is not a (regular )?file/);
  }
});
