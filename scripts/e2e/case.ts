import type { Setting, Stage } from './stage.ts';

/** Something that has to work under a real runner. */
export interface Case extends Setting {
  /** Unique; `--only` finds it by a part of it. */
  name: string;
  /** Workflows that it runs as they are written, by the names of `listWrittenWorkflows`. */
  covers?: readonly string[];
  /** A program that it cannot do without. */
  needs?: string;
  /** @throws an error that says what is wrong */
  play: (stage: Stage) => Promise<void>;
}
