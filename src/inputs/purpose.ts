import { parseBoolean } from './parsers.ts';
import { readText } from './readers.ts';
import type { InputSource } from './source.ts';

/** The purpose of the run according to the step's own inputs. Unchecked texts: their readers report problems. */
export interface StatedPurpose {
  /** Undefined where it is not given. */
  environment: string | undefined;
  /** Undefined where it is not given; the action need not have that input. */
  pullRequest: string | undefined;
  dryRun: boolean;
}

/** Reports no problems. */
export function readPurpose(source: InputSource): StatedPurpose {
  const dryRun = parseBoolean(readText(source, 'dry-run'));
  return {
    environment: readText(source, 'environment') || undefined,
    pullRequest: readText(source, 'pull-request') || undefined,
    dryRun: dryRun.ok && dryRun.value,
  };
}
