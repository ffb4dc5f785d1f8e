import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import type { FinishedRun, RunOptions, StartedRun } from '../action-runner.ts';
import type { PageFrame } from '../render-page.ts';

/** A way in which a run can end, and so a look of what it leaves on GitHub. */
export interface Kind {
  /** `deploy/unhealthy`: the action, and what happens. */
  name: string;
  /** How the run ends that is shown; the gate says `deploy` or `wait`. Another end is a fault of the kind. */
  outcome: string;
  /** How its platform differs from the usual one. */
  platform?: EmulatorOptions;
  /** Why its summary may be higher than a screen although the run is green. */
  isLong?: string;
  /** Makes the runs. @returns the one whose summary is shown */
  play(stage: Stage): Promise<FinishedRun>;
}

/** What a kind is played on. */
export interface Stage {
  emulator: Emulator;
  /** An empty folder that goes with the kind. */
  workspace: string;
  /** Called when the kind is over, the last one first. */
  onCleanUp(cleanUp: () => unknown): void;
  /** Runs an action as on a runner. What it has changed on GitHub is shown, if no other run comes after it. */
  run(options: StageRun): Promise<FinishedRun>;
  /** The same, for what happens while it runs. */
  start(options: StageRun): StartedRun;
  /** Shows the comments as they are now, besides those at the end. */
  showComments(name: string): void;
}

/** In the stage's workspace unless another one is given. */
export type StageRun = Partial<RunOptions>;

/** A text as an action wrote it. */
export interface Document {
  /** `summary`, `comment`, `check` … */
  name: string;
  frame: PageFrame;
  markdown: string;
}

/** What a kind has left. */
export interface Played {
  kind: Kind;
  run: FinishedRun;
  documents: readonly Document[];
}
