import { resolve } from 'node:path';
import { inPlace, readFilePath } from './paths.ts';
import { type ReadContext, readLines, readText } from './readers.ts';

/** What is deployed: a folder to package, or a zip that is ready. Paths are absolute. */
export type BundleSource =
  | { kind: 'directory'; directory: string; exclude: readonly string[] }
  | { kind: 'zip'; path: string };

/** Where the build output lies, relative to the working directory. */
const DEFAULT_DIRECTORY = '.bigcommerce/dist';

/** What to deploy. Packaging checks whether a directory exists, since it can say more about it. */
export function readBundleSource(context: ReadContext, workingDirectory: string | undefined): BundleSource | undefined {
  const { source, problems } = context;
  const exclude = readLines(source, 'exclude');
  const hasBundle = readText(source, 'bundle') !== '';
  if (hasBundle && exclude.length > 0) {
    problems.add({
      input: 'exclude',
      problem: 'It is given together with `bundle`, whose files are used unchanged.',
      remedy: 'Give only one of the two.',
    });
  }
  if (workingDirectory === undefined) return undefined;
  const text = readText(source, 'directory') || DEFAULT_DIRECTORY;
  const directory = resolve(workingDirectory, text);
  if (!hasBundle) {
    const path = inPlace(context, 'directory', { text, path: directory, workingDirectory, mayBeElsewhere: true });
    return path === undefined ? undefined : { kind: 'directory', directory: path, exclude };
  }
  if (directory !== resolve(workingDirectory, DEFAULT_DIRECTORY)) {
    problems.warn('directory: it is ignored, since `bundle` is given.');
  }
  const path = readFilePath(context, 'bundle', workingDirectory, { mayBeElsewhere: true });
  return path === undefined ? undefined : { kind: 'zip', path };
}
