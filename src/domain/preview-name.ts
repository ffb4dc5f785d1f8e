/**
 * Kinds of previews, and the names of the projects of isolated ones: `<base>-<hash>-pr-<number>`. The name alone identifies a project as
 * a preview of this repository and pull request, which may be deleted. Pure.
 */

import { trimEnds } from './trim-ends.ts';

/** `shared`: all pull requests deploy into one project; `isolated`: each has one of its own. */
export const PREVIEW_KINDS = ['shared', 'isolated'] as const;
export type PreviewKind = (typeof PREVIEW_KINDS)[number];

/** What the names of a repository's previews have in common. */
export interface PreviewNaming {
  /** At least one letter or digit, and only characters that a project's name may have. */
  base: string;
  /** Hex, of the repository and the base: different ones never share a project, even if their bases are cut. */
  hash: string;
}

/** API document, section 1, `POST /infrastructure/projects`. */
const MAX_NAME_CHARS = 32;
export const PREVIEW_HASH_CHARS = 8;
const SEPARATORS = '-_.';

/** Whether a text can be a base: allowed characters, with at least one letter or digit. */
export function isPreviewBase(base: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(base) && trimEnds(base, SEPARATORS) !== '';
}

/** The name of a pull request's project: 3 to 32 characters; a long base is cut. */
export function createPreviewName(naming: PreviewNaming, pullRequest: number): string {
  const ending = `${previewNamePart(naming)}${pullRequest}`;
  const start = trimEnds(naming.base, SEPARATORS).slice(0, MAX_NAME_CHARS - ending.length);
  return `${trimEnds(start, SEPARATORS)}${ending}`;
}

/** The part that all of them share, for a search that matches parts of names. */
export function previewNamePart({ hash }: PreviewNaming): string {
  return `-${hash}-pr-`;
}

/** The number of the pull request whose project has this name; undefined for any other project. */
export function pullRequestOfPreview(name: string, naming: PreviewNaming): number | undefined {
  const digits = /-pr-([1-9]\d{0,9})$/.exec(name)?.[1];
  if (digits === undefined) return undefined;
  const pullRequest = Number(digits);
  return createPreviewName(naming, pullRequest) === name ? pullRequest : undefined;
}
