import type { RunReporter } from '../../src/report/reporters.ts';

export interface ToldLines {
  lines: string[];
  warnings: string[];
  /** Of phases. */
  results: string[];
}

/** What every use case can say, kept. */
export function createFakeReporter({ lines, warnings, results }: ToldLines): RunReporter {
  const info = (line: string) => void lines.push(line);
  const phase = { info, status: () => {}, result: (text: string) => void results.push(text) };
  return {
    phase: async (_, work) => await work(phase),
    info,
    warn: (message) => void warnings.push(message),
    debug: () => {},
  };
}
