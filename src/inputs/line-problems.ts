import type { InputProblems } from './problems.ts';

/** Something that is wrong with a line of an input. */
export interface LineProblem {
  /** From 1. */
  line: number;
  /** What is wrong; never a piece of the text. */
  problem: string;
}

/** One problem per kind: a key file pasted without quotes would give one per line. @param remedy a sentence */
export function addLineProblems(
  problems: InputProblems,
  input: string,
  { found, remedy }: { found: readonly LineProblem[]; remedy: string },
): void {
  const byKind = Map.groupBy(found, ({ problem }) => problem);
  for (const [problem, group] of byKind) {
    problems.add({ input, problem: `${renderLines(group)}: ${problem}.`, remedy });
  }
}

/** `line 3`, `lines 2-4, 9`; they are given in ascending order. */
export function renderLines(lines: readonly { line: number }[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const { line } of lines) {
    const run = runs.at(-1);
    if (run?.last === line - 1) run.last = line;
    else runs.push({ first: line, last: line });
  }
  const text = runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
  return `${lines.length === 1 ? 'line' : 'lines'} ${text}`;
}
