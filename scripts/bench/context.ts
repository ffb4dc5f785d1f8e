import type { PartResult } from './results.ts';

/** How to run a benchmark. */
export interface BenchOptions {
  /** Counted rounds of each comparison. */
  rounds: number;
  /** Fewer sizes and contenders: a first look. */
  quick: boolean;
  /** Only what CI's guard compares. */
  guard: boolean;
  /** Reports progress. */
  say: (text: string) => void;
}

export type PartRunner = (options: BenchOptions) => Promise<PartResult>;
