import { globSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { PLACES_REMEDY, placeProblem } from './places.ts';
import { showValue } from './problems.ts';
import { type ReadContext, readLines } from './readers.ts';

/** What a line names: files, in the order of their names, or why there are none. */
type Match = { files: string[] } | { problem: string };

const REMEDY = 'Give files that exist, relative to the workspace: a path or a glob pattern on each line.';

/**
 * The files that the lines of an input name, absolute: in the order of the lines, those of one line by their names,
 * each once. A path that exists is that file, regardless of its characters; a line that begins with `!` excludes files
 * from those that the lines before it name. There are no comments: a file's name may begin with `#`.
 * @returns undefined when something is wrong, which is then in `problems`
 */
export function readFilePatterns(context: ReadContext, name: string): string[] | undefined {
  const { source, problems } = context;
  const chosen = new Set<string>();
  let isSound = true;
  const refuse = (problem: string, remedy = REMEDY) => {
    isSound = false;
    problems.add({ input: name, problem, remedy });
  };
  const lines = readLines(source, name).map((line) => line.trim());
  for (const line of lines) {
    const isTakingOut = line.startsWith('!');
    const match = matchLine(isTakingOut ? line.slice(1).trim() : line, source.workspace);
    if ('problem' in match) {
      refuse(`${showValue(line)} ${match.problem}.`);
    } else if (!isTakingOut) {
      const [first] = match.files.flatMap(
        (path) => placeProblem({ text: line, path, mayBeElsewhere: true }, source) ?? [],
      );
      if (first !== undefined) refuse(`${showValue(line)} ${first}.`, PLACES_REMEDY);
      for (const file of match.files) chosen.add(file);
    } else if (match.files.filter((file) => chosen.delete(file)).length === 0 && isSound) {
      // After a wrong line, this one may be about the files that are missing.
      refuse(`${showValue(line)} excludes none of the files that the lines before it name.`);
    }
  }
  if (lines.length === 0) refuse('It is missing.');
  else if (chosen.size === 0 && isSound) refuse('No file is left: its lines exclude all that they name.');
  return isSound ? [...chosen] : undefined;
}

function matchLine(pattern: string, workspace: string): Match {
  const literal = resolve(workspace, pattern);
  const kind = pattern === '' ? 'nothing' : kindOf(literal);
  if (kind === 'file') return { files: [literal] };
  if (kind === 'other') return { problem: 'is not a regular file' };
  const files = pathsOf(pattern, workspace).filter((path) => kindOf(path) === 'file');
  if (files.length === 0) return { problem: `matches no file in ${workspace}` };
  return { files: files.sort(byName(workspace)) };
}

function pathsOf(pattern: string, workspace: string): string[] {
  try {
    return globSync(pattern, { cwd: workspace }).map((path) => resolve(workspace, path));
  } catch {
    // It is too long for a pattern.
    return [];
  }
}

/** Follows a symbolic link. */
function kindOf(path: string): 'file' | 'other' | 'nothing' {
  try {
    return statSync(path).isFile() ? 'file' : 'other';
  } catch {
    // A link that leads nowhere, or a pattern that is too long for a name.
    return 'nothing';
  }
}

/** The same order on every machine, regardless of its locale and separators. */
function byName(workspace: string): (one: string, other: string) => number {
  const nameOf = (path: string) => relative(workspace, path).split(sep).join('/');
  return (one, other) => {
    const [a, b] = [nameOf(one), nameOf(other)];
    return a < b ? -1 : Number(a > b);
  };
}
