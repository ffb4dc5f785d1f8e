import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { Call } from '../../emulator/services.ts';
import type { RunOptions } from '../action-runner.ts';
import type { CallRule } from './rules.ts';

/** A run of an action that makes some calls, each of which is a row of the matrix. */
export interface Scenario {
  /** `deploy to production` */
  name: string;
  /** Of a run that no fault hits. */
  outcome: string;
  /** How its platform differs from the usual one. */
  platform?: EmulatorOptions;
  /** Seeds the platform, and says how the run is started. Requests that it makes itself belong to no row. */
  prepare(stage: Stage): Promise<RunStart>;
  /** The calls of the run, with what a failure of each means. A call that is missing here is an error of the matrix. */
  calls: Readonly<Partial<Record<Call, CallRule>>>;
}

/** What a scenario is played on. */
export interface Stage {
  emulator: Emulator;
  /** An empty folder that goes with the cell. */
  workspace: string;
  /** Called when the cell is over, the last one first. */
  onCleanUp(cleanUp: () => unknown): void;
}

/** How the run is started; the rest is as on a runner. */
export type RunStart = Omit<RunOptions, 'workspace'>;

/** A row: one call of one scenario. */
export interface Row {
  scenario: Scenario;
  call: Call;
  rule: CallRule;
}

/** `deploy to production/upload` */
export function rowName({ scenario, call }: Row): string {
  return `${scenario.name}/${call}`;
}
