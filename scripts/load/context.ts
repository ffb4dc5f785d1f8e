import type { Finding } from '../bench/results.ts';

export interface LoadContext {
  isShort: boolean;
  seed: number;
  say: (text: string) => void;
  /** Aborted when the time for all of it is over. */
  signal: AbortSignal;
}

export interface LoadResult {
  findings: Finding[];
  /** What went wrong, a sentence each. */
  problems: string[];
}

export type PartRunner = (context: LoadContext) => Promise<LoadResult>;
