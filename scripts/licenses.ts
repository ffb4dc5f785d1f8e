/** The licenses of the bundled packages, which have to be distributed with the bundle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENSE_FILE = /^(?:licen[cs]e|copying)(?:[-.].*)?$/i;

/**
 * A text with the name, the license and the license's text of each package, in the order of the names.
 * @param folders of the packages; duplicates of the same version are listed once
 * @throws Error when a package has neither a license nor a text of one
 */
export function renderLicenses(folders: readonly string[]): string {
  const packages = new Map(folders.map(readPackage).map((one) => [`${one.name}@${one.version}`, one]));
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, { name, license, text }]) => `${name}\n${license}\n${text}\n`).join('\n');
}

function readPackage(folder: string) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const file = readdirSync(folder)
    .sort()
    .find((name) => LICENSE_FILE.test(name));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trimEnd();
  const license = typeof manifest['license'] === 'string' ? manifest['license'] : '';
  if (license === '' && text === '') throw new Error(`${folder}: it says nothing of its license`);
  return { name: String(manifest['name']), version: String(manifest['version']), license, text };
}
