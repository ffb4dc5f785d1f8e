/** What the parts of `npm run mutants` hand to each other. */

export const KINDS = [
  'condition',
  'comparison',
  'logical',
  'arithmetic',
  'await',
  'call',
  'number',
  'boolean',
  'string',
  'block',
  'member',
  'optional chain',
] as const;

export type Kind = (typeof KINDS)[number];

export interface Mutant {
  /** The number by which it is switched on; another one after each change of the sources. */
  id: number;
  /** Path from the root, with `/`. */
  file: string;
  line: number;
  /** The innermost named function or constant around it; '' for none. */
  within: string;
  kind: Kind;
  /** What is changed, on one line, as it stands in the file. */
  source: string;
  /** What becomes of it: `<=`, `removed`. */
  change: string;
  /** Names it in the list of equivalent mutants, and stays the same while its function does. */
  key: string;
}

/** All of src/. */
export interface Instrumented {
  mutants: Mutant[];
  /** The files of src/ with their mutants, by their paths. */
  sources: Map<string, string>;
  /** Of the files as they are, and of their mutants' names. */
  hashes: Map<string, string>;
}

/** How a mutant ended. */
export type Verdict =
  | { result: 'killed'; test: string; how: string }
  | { result: 'lived'; testFiles: number; notRun: number }
  | { result: 'unreached' };
