import type { PartResult } from './results.ts';

/** How a benchmark is to be run. */
export interface BenchOptions {
  /** Rounds that count, of each comparison. */
  rounds: number;
  /** Fewer sizes and contenders: a first look. */
  quick: boolean;
  /** What the guard of CI compares, and nothing else. */
  guard: boolean;
  /** Tells what goes on. */
  say: (text: string) => void;
}

export type PartRunner = (options: BenchOptions) => Promise<PartResult>;
