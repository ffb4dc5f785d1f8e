/** What GitHub refuses in an artifact's name, and white space, which nobody wants in a file's. */
const UNWANTED = /[":<>|*?\\/\s\p{Cc}]+/gu;
const MAX_PROJECT_CHARS = 100;

/** The default name of the artifact that keeps a bundle: unique in a run for the project and the attempt. */
export function artifactNameOf(project: string, runAttempt: string): string {
  const safe = project.replace(UNWANTED, '-').slice(0, MAX_PROJECT_CHARS);
  return `storefront-${safe}-attempt-${runAttempt}.zip`;
}
