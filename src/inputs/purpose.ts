import { readDryRun } from './flow.ts';
import { InputProblems } from './problems.ts';
import { readText } from './readers.ts';
import type { InputSource } from './source.ts';

/** What the step itself says its run is for. Texts as they are given: what is wrong with them is told of elsewhere. */
export interface StatedPurpose {
  /** Undefined where it is not given. */
  environment: string | undefined;
  /** Undefined where it is not given; the action need not have that input. */
  pullRequest: string | undefined;
  dryRun: boolean;
}

/** Complains of nothing. */
export function readPurpose(source: InputSource): StatedPurpose {
  return {
    environment: readText(source, 'environment') || undefined,
    pullRequest: readText(source, 'pull-request') || undefined,
    dryRun: readDryRun({ source, problems: new InputProblems() }) === true,
  };
}
