/** Writes a version into the files of the working tree that name it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isForUsers, withAddress } from './addresses.ts';
import { changelogEntry, withRelease } from './changelog.ts';
import { git } from './git.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

export interface Preparation {
  root: string;
  version: Version;
  /** The account that hosts the repository. */
  owner: string;
  /** `2026-01-31` */
  date: string;
}

/**
 * Safe to run again.
 * @returns the files that were changed
 * @throws Error where the version is older than that of package.json, or there is nothing to release
 */
export function prepare({ root, version, owner, date }: Preparation): string[] {
  const current = parseVersion(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  if (current !== undefined && compareVersions(version, current) < 0) {
    throw new Error(`package.json says ${current.text} already, which is newer than ${version.text}.`);
  }
  const changed: string[] = [];
  const edit = (path: string, change: (text: string) => string): void => {
    const before = readFileSync(join(root, path), 'utf8');
    const after = change(before);
    if (after === before) return;
    writeFileSync(join(root, path), after);
    changed.push(path);
  };
  // The changelog first: where there is nothing to release, nothing is changed.
  edit('CHANGELOG.md', (text) => {
    return changelogEntry(text, version.text) === undefined ? withRelease(text, version.text, date) : text;
  });
  edit('package.json', (text) => text.replace(/^( {2}"version": )"[^"]*"/m, `$1"${version.text}"`));
  edit('package-lock.json', (text) => withLockedVersion(text, version.text));
  edit('src/version.ts', (text) => text.replace(/(VERSION = )'[^']*'/, `$1'${version.text}'`));
  for (const path of git(root, ['ls-files', '-z']).split('\0').filter(isForUsers)) {
    edit(path, (text) => withAddress(text, owner, version));
  }
  return changed;
}

function withLockedVersion(text: string, version: string): string {
  const lock = JSON.parse(text) as { version: string; packages: Record<string, { version: string }> };
  lock.version = version;
  if (lock.packages[''] !== undefined) lock.packages[''].version = version;
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** `acme` of `https://github.com/acme/catalyst-deploy-action.git` and `git@github.com:acme/…`; undefined for others. */
export function ownerOf(remoteUrl: string): string | undefined {
  return /^(?:https?:\/\/[^/]+\/|(?:ssh:\/\/)?[\w.-]+@[\w.-]+[:/])([\w.-]+)\/[\w.-]+$/.exec(remoteUrl.trim())?.[1];
}
