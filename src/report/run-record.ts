import type { HeaderAction } from '../inputs/run-header.ts';
import type { FieldRules } from './field-rules.ts';
import type { Help } from './help.ts';

/** What runs, and what for, as far as the inputs and the event say it. */
export interface RunHeader {
  action: HeaderAction;
  /** Of this package. */
  version: string;
  storeHash?: string;
  /** Name of the project, or its UUID. */
  project?: string;
  /** GitHub's. */
  environment?: string;
  /** In full. */
  commit?: string;
  /** `owner/name`. */
  repository?: string;
  /** Address of the workflow run's page. */
  runUrl?: string;
}

/** What is known of every run, whatever it does. */
export interface RunRecord {
  /** Undefined only while nothing is read, and in a `post` step. */
  header?: RunHeader;
  startedAt: Date;
  durationMs: number;
  correlationId: string;
  /** Whether the platform was ever called: before that, a correlation id helps nobody. */
  networkUsed: boolean;
  /** Of the platform's API, where it is not the usual one. */
  apiHost?: string;
  phases: PhaseRecord[];
  warnings: string[];
  /** Set when there was nothing to do, and that is right. */
  skipped?: SkipRecord;
  failure?: FailureRecord;
  /** Set where one was made. */
  supportBundle?: SupportBundle;
}

export interface PhaseRecord {
  title: string;
  /** Counted from the start of the run, as is the end. */
  startMs: number;
  endMs: number;
  state: 'done' | 'failed' | 'cancelled';
  /** In a few words. */
  result?: string;
  /** It succeeded, but something was warned of. */
  hasWarnings?: boolean;
}

export interface SkipRecord {
  /** A word for the output `skipped-reason`. */
  reason: string;
  /** A sentence or two. */
  message: string;
}

export interface FailureRecord {
  title: string;
  message: string;
  /** What is wrong, one by one; `message` says the same in one text. */
  details: readonly string[];
  /** How many there are, where `details` lists fewer and says so in its last line. */
  detailCount?: number;
  fix: string | undefined;
  /** `message` only describes a request: what a reader must know of it is in `title` and `fix`. */
  isRequest?: boolean | undefined;
  /** Whether the run has changed anything, in a sentence; undefined where that is not known, or the message says it. */
  effect?: string | undefined;
  /** Where the documentation says more. */
  help?: Help | undefined;
  /** The message in a few words, where a cancelled run knows its state. */
  inShort?: string;
}

/** The support bundle of a run: what one attaches to a ticket. */
export interface SupportBundle {
  /**
   * `stored`: an artifact of the run. `left`: the `post` step has yet to store it. `kept`: only the file is there, on the
   * runner.
   */
  state: 'stored' | 'left' | 'kept';
  /** Of the artifact. */
  name: string;
  /** Absolute, of the zip. */
  path: string;
  /** Of the artifact, once it is stored. */
  url?: string | undefined;
}

/** The commit that a run is about, as GitHub sees it. */
export interface CommitRecord {
  sha: string;
  url: string;
  /** `#12`, or a branch. */
  origin?: string;
}

export const SUPPORT_BUNDLE_FIELDS = { state: 'own', name: 'public', path: 'public', url: 'public' } as const;

export const HEADER_FIELDS = {
  action: 'own',
  version: 'public',
  storeHash: 'public',
  project: 'public',
  environment: 'public',
  commit: 'public',
  repository: 'public',
  runUrl: 'public',
} as const;

export const RUN_FIELDS: FieldRules<RunRecord> = {
  header: HEADER_FIELDS,
  correlationId: 'public',
  apiHost: 'public',
  phases: { state: 'own' },
  skipped: { reason: 'public' },
  failure: { help: { words: 'public', url: 'public' } },
  supportBundle: SUPPORT_BUNDLE_FIELDS,
};
