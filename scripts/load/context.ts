import type { Finding } from '../bench/results.ts';

/** The time for all of it is over, or somebody ends it. */
export class LoadStopped extends Error {}

export interface LoadContext {
  isShort: boolean;
  seed: number;
  say: (text: string) => void;
  /** Aborted with `LoadStopped`. */
  signal: AbortSignal;
}

export interface LoadResult {
  findings: Finding[];
  /** What went wrong, a sentence each. */
  problems: string[];
}

export type PartRunner = (context: LoadContext) => Promise<LoadResult>;
