/** What a runner downloads of a release: the archive of its commit, without what .gitattributes leaves out. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileAt, filesAt, git } from './git.ts';

const TIMEOUT_MS = 60_000;
const NAME = 'catalyst-deploy-action';
const ALLOWED = [
  /^(?:LICENSE|CHANGELOG\.md)$/,
  /^(?:[a-z-]+\/)?(?:README\.md|action\.yml)$/,
  /^dist\/(?:entries\/)?[\w.-]+\.js$/,
  /^dist\/(?:licenses\.txt|package\.json)$/,
];
const REQUIRED = ['LICENSE', 'CHANGELOG.md', 'README.md', 'action.yml', 'dist/main.js', 'dist/licenses.txt'];
const REGULAR_FILE = /^100(?:644|755)$/;

/** `catalyst-deploy-action-1.2.3`: the start of the names of a release's files. */
export function assetName(version: string): string {
  return `${NAME}-${version}`;
}

/** Writes the archive. The same commit gives the same bytes. */
export function writeArchive(root: string, commit: string, version: string, path: string): void {
  git(root, ['archive', '--format=tar.gz', `--prefix=${assetName(version)}/`, `--output=${path}`, commit]);
}

/** The files in an archive, without the folder that holds all of them. */
export function filesInArchive(path: string): string[] {
  // Through a pipe: GNU's tar takes the colon of `C:\…` for that of a host.
  const input = readFileSync(path);
  const names = execFileSync('tar', ['-tzf', '-'], { input, encoding: 'utf8', timeout: TIMEOUT_MS });
  const files = names.split('\n').map((name) => name.trim().slice(name.indexOf('/') + 1));
  return files.filter((name) => name !== '' && !name.endsWith('/')).sort();
}

/**
 * What is missing in the archive of a commit, or does not belong there.
 * @param files in the archive
 */
export function archiveProblems(root: string, commit: string, files: readonly string[]): string[] {
  const irregular = filesAt(root, commit).filter(({ path, mode }) => files.includes(path) && !REGULAR_FILE.test(mode));
  const actions = files.filter((path) => posix.basename(path) === 'action.yml');
  return [
    ...REQUIRED.filter((path) => !files.includes(path)).map((path) => `Archive: ${path} is missing.`),
    ...files
      .filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))
      .map((path) => `Archive: ${path} does not belong there. Give it a line with export-ignore in .gitattributes.`),
    ...irregular.map(({ path, mode }) => `Archive: ${path} is no regular file (mode ${mode}).`),
    ...actions.flatMap((path) => entryProblems(path, fileAt(root, commit, path) ?? '', files)),
  ];
}

/** Files that an action.yml starts, and that are not there. */
function entryProblems(path: string, text: string, files: readonly string[]): string[] {
  const entries = [...text.matchAll(/^ +(?:pre|main|post): *["']?([^"'\s#]+)/gm)];
  const targets = entries.map(([, entry = '']) => posix.join(posix.dirname(path), entry));
  return targets
    .filter((target) => !files.includes(target))
    .map((target) => `Archive: ${path} starts ${target}, which is not in it.`);
}
