/** A site whose sync takes two pages to read, two requests to write and two to delete: there is a middle to everything. */
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { csvOf, redirectsPlatform, SITE_ID } from './redirects-harness.ts';
import { addAll, manyOf, rowsOf, type Site, siteOf } from './redirects-sync-harness.ts';

/** Ids of four digits: so many as are to be deleted do not fit into one address. */
const OTHER = manyOf(1000, '/other');
const TO_CHANGE = manyOf(50, '/change');
const TO_DELETE = manyOf(300, '/gone');
const DESIRED: Site = {
  ...manyOf(150, '/add'),
  ...Object.fromEntries(Object.keys(TO_CHANGE).map((path) => [path, `/to${path}`])),
};

export const FAULT_SITE = {
  before: { ...TO_CHANGE, ...TO_DELETE } as Site,
  desired: DESIRED,
  csv: csvOf(...rowsOf(DESIRED)),
  inputs: { delete: 'true', 'max-deletes': '1000' },
  toDo: 500,
};

export async function faultPlatform({ redirects, ...options }: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await redirectsPlatform({ redirects: { ...redirects }, ...options });
  addAll(emulator, OTHER, SITE_ID + 1);
  addAll(emulator, FAULT_SITE.before);
  return emulator;
}

/** How many of the changes the site has by now. */
export function madeOn(emulator: Emulator): { added: number; changed: number; removed: number } {
  const now = siteOf(emulator);
  const count = (paths: readonly string[], isMade: (path: string) => boolean) => paths.filter(isMade).length;
  return {
    added: count(Object.keys(DESIRED), (path) => path.startsWith('/add') && path in now),
    changed: count(Object.keys(TO_CHANGE), (path) => now[path] === DESIRED[path]),
    removed: count(Object.keys(TO_DELETE), (path) => !(path in now)),
  };
}

export function isUntouchedElsewhere(emulator: Emulator): boolean {
  return JSON.stringify(siteOf(emulator, SITE_ID + 1)) === JSON.stringify(OTHER);
}
