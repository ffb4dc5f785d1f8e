/** Contenders take turns, so that a busy moment of the machine hits all of them. */
import { spawnSync } from 'node:child_process';
import type { Series } from './results.ts';

/** One contender's result in one round. */
export interface Sample {
  ms: number;
  /** Highest resident memory of the process, in bytes; undefined if not measured. */
  peakBytes?: number;
  zipBytes?: number;
}

export interface Contender {
  name: string;
  /** Why it cannot be measured here. */
  missing?: string;
  run: () => Promise<Sample>;
}

/**
 * Runs each contender once per round, after one warm-up round, and begins each round with another contender.
 * @param rounds how many count
 */
export async function interleave(
  scenario: string,
  contenders: readonly Contender[],
  rounds: number,
  onRound: (text: string) => void = () => {},
): Promise<Series[]> {
  const able = contenders.filter(({ missing }) => missing === undefined);
  const series = new Map<string, Series>(
    contenders.map(({ name, missing }) => [
      name,
      { scenario, contender: name, ms: [], peakBytes: [], ...(missing === undefined ? {} : { missing }) },
    ]),
  );
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % Math.max(1, able.length);
    for (const { name, run } of [...able.slice(first), ...able.slice(0, first)]) {
      writeBack();
      const sample = await run();
      if (round > 0) note(series.get(name), sample);
    }
    onRound(round === 0 ? `${scenario}: warmed up` : `${scenario}: round ${round} of ${rounds}`);
  }
  return [...series.values()];
}

/** Flushes the disk, so that one contender's writes do not slow the next one down. Does nothing without `sync`. */
function writeBack(): void {
  spawnSync('sync');
}

function note(series: Series | undefined, { ms, peakBytes, zipBytes }: Sample): void {
  if (series === undefined) return;
  series.ms.push(ms);
  if (peakBytes !== undefined) series.peakBytes.push(peakBytes);
  if (zipBytes !== undefined) series.zipBytes = zipBytes;
}
