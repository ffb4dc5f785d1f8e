import { statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type NamedPath, PLACES_REMEDY, placeProblem, workingDirectoryProblem } from './places.ts';
import { showValue } from './problems.ts';
import { type ReadContext, readText } from './readers.ts';
import { systemErrorCode } from './system-error.ts';

/** The working directory, absolute; it exists. */
export function readWorkingDirectory(context: ReadContext): string | undefined {
  const { source, problems } = context;
  const text = readText(source, 'working-directory') || '.';
  const remedy = 'Give a folder that exists, relative to the workspace.';
  const named = { name: 'working-directory', text, base: source.workspace };
  const path = resolveExisting(context, named, 'folder', remedy);
  const problem = path === undefined ? undefined : workingDirectoryProblem(path, source);
  if (problem === undefined) return path;
  problems.add({ input: named.name, problem: `${showValue(text)} ${problem}.`, remedy: 'Give the folder itself.' });
  return undefined;
}

/**
 * A file that an input names, absolute; it exists, and is where the input may name it (`placeProblem` says where).
 * Undefined when the input is empty, or wrong.
 */
export function readFilePath(
  context: ReadContext,
  name: string,
  workingDirectory: string,
  where: Pick<NamedPath, 'mayBeElsewhere'> = {},
): string | undefined {
  const text = readText(context.source, name);
  if (text === '') return undefined;
  const remedy = 'Give a file that exists, relative to the working directory.';
  const path = resolveExisting(context, { name, text, base: workingDirectory }, 'file', remedy);
  return path && inPlace(context, name, { text, path, workingDirectory, ...where });
}

/** A file to write, absolute: its folder exists, and it is not a folder itself. The input is not empty. */
export function readNewFilePath(context: ReadContext, name: string, workingDirectory: string): string | undefined {
  const text = readText(context.source, name);
  const path = resolve(workingDirectory, text);
  const remedy = 'Give a file in a folder that exists, relative to the working directory.';
  const isThere = problemOf(path, 'file') !== 'does not exist';
  if (isThere) return readFilePath(context, name, workingDirectory);
  const folder = problemOf(dirname(path), 'folder');
  if (folder === undefined && !/[\\/]$/.test(text)) return inPlace(context, name, { text, path, workingDirectory });
  const what = folder === undefined ? 'names a folder' : `is in a folder that ${folder}`;
  context.problems.add({ input: name, problem: `${showValue(text)} ${what}.`, remedy });
  return undefined;
}

/**
 * The path, where an input may name it (`placeProblem` says which may).
 * @returns undefined if it may not, which is then in `problems`
 */
export function inPlace({ source, problems }: ReadContext, input: string, named: NamedPath): string | undefined {
  const problem = placeProblem(named, source);
  if (problem === undefined) return named.path;
  problems.add({ input, problem: `${showValue(named.text)} ${problem}.`, remedy: PLACES_REMEDY });
  return undefined;
}

function resolveExisting(
  { problems }: ReadContext,
  { name, text, base }: { name: string; text: string; base: string },
  kind: 'folder' | 'file',
  remedy: string,
): string | undefined {
  const path = resolve(base, text);
  const problem = problemOf(path, kind);
  if (problem === undefined) return path;
  problems.add({
    input: name,
    problem: `${showValue(text)} ${problem}${isAbsolute(text) ? '' : ` in ${base}`}.`,
    remedy,
  });
  return undefined;
}

function problemOf(path: string, kind: 'folder' | 'file'): string | undefined {
  try {
    const stats = statSync(path);
    return (kind === 'folder' ? stats.isDirectory() : stats.isFile()) ? undefined : `is not a ${kind}`;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
    return `cannot be read (${code})`;
  }
}
