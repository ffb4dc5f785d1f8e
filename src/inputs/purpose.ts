import { readDryRun } from './flow.ts';
import { InputProblems } from './problems.ts';
import { readText } from './readers.ts';
import type { InputSource } from './source.ts';

/** What the step's own inputs say that the run is for. Unchecked texts: their readers report what is wrong. */
export interface StatedPurpose {
  /** Undefined where it is not given. */
  environment: string | undefined;
  /** Undefined where it is not given; the action need not have that input. */
  pullRequest: string | undefined;
  dryRun: boolean;
}

/** Reports no problems. */
export function readPurpose(source: InputSource): StatedPurpose {
  return {
    environment: readText(source, 'environment') || undefined,
    pullRequest: readText(source, 'pull-request') || undefined,
    dryRun: readDryRun({ source, problems: new InputProblems() }) === true,
  };
}
