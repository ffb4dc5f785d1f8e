import { limitChars } from './github-deployment.ts';

/** What GitHub refuses in an artifact's name, and white space, which nobody wants in a file's. */
const UNWANTED = /[":<>|*?\\/\s\p{Cc}]+/gu;
/** A file's name has at most 255 bytes, and a character up to three for each UTF-16 unit. */
const MAX_PROJECT_CHARS = 70;

/** The default name of the artifact that keeps a bundle: unique in a run for the project and the attempt. */
export function artifactNameOf(project: string, runAttempt: string): string {
  const safe = limitChars(project.toWellFormed().replace(UNWANTED, '-'), MAX_PROJECT_CHARS);
  return `storefront-${safe}-attempt-${runAttempt}.zip`;
}
