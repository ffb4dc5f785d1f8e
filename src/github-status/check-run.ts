import * as z from 'zod/mini';
import type { Connect } from '../github/github.ts';
import { timeoutSignal } from '../pause.ts';
import { CHECK_CONCLUSIONS, type CheckRunText, renderCheckRun } from '../report/check-run-text.ts';
import type { GitHubStatusReporter } from '../report/reporters.ts';
import { orUndefined, parseStored } from '../schema.ts';
import { CLOSING_WAIT_MS, createBestEffort } from './best-effort.ts';

/** A check run that an earlier job opened, and that this step closes however it ends. Never throws. */
export interface CheckRunStatus {
  /** Sets it to in progress: the gate may have closed it in an earlier job. */
  begin(signal: AbortSignal): Promise<void>;
  /** To be called when the reporter knows how the run ended. */
  end(signal: AbortSignal): Promise<void>;
}

export interface CheckRunOptions {
  checkRunId: number;
  connect: Connect;
  reporter: GitHubStatusReporter;
  /** Address of the run. */
  runUrl: string | undefined;
  /** Stores for the `post` step what remains to be done: `text` closes the check run, once it is known. */
  save: (open: OpenCheckRun | undefined) => void;
  /** What the main step has left open, for the `post` step. */
  resumed?: OpenCheckRun | undefined;
}

/** A check run that remains to be closed. */
export interface OpenCheckRun {
  text?: CheckRunText | undefined;
}

/** Undefined if there is none. */
export function parseOpenCheckRun(json: string): OpenCheckRun | undefined {
  return parseStored(open, json);
}

const open: z.ZodMiniType<OpenCheckRun> = z.object({
  text: orUndefined(z.object({ conclusion: z.enum(CHECK_CONCLUSIONS), title: z.string(), summary: z.string() })),
});

const BEGINNING_MS = 15_000;
const BEGINNING_WAIT_MS = 5000;

export function createCheckRunStatus(options: CheckRunOptions): CheckRunStatus {
  const { checkRunId, connect, reporter, runUrl, save, resumed } = options;
  save(resumed ?? {});
  const bestEffort = createBestEffort({ failing: `Check run ${checkRunId} could not be updated.`, logger: reporter });
  let beginning: Promise<unknown> = Promise.resolve();
  const begin = async (signal: AbortSignal) => {
    const time = AbortSignal.any([signal, timeoutSignal(BEGINNING_MS)]);
    await bestEffort.attemptEarly(time, async () => {
      const github = await connect(time, BEGINNING_WAIT_MS);
      const title = 'Deploying';
      const summary = 'There is no verdict yet.';
      await github.updateCheckRun(checkRunId, { conclusion: undefined, title, summary, detailsUrl: runUrl });
    });
  };
  return {
    begin: async (signal) => {
      beginning = begin(signal);
      await beginning;
    },
    end: async (signal) => {
      const text = resumed?.text ?? renderCheckRun(reporter.snapshot(), runUrl);
      save({ text });
      // The request that opens it must not overtake the one that closes it.
      await beginning;
      const isClosed = await bestEffort.attempt(signal, async () => {
        const github = await connect(signal, CLOSING_WAIT_MS);
        await github.updateCheckRun(checkRunId, { ...text, detailsUrl: runUrl });
        reporter.info(`Check run ${checkRunId}: ${text.conclusion}`);
        return true;
      });
      if (isClosed ?? bestEffort.isGivenUp) save(undefined);
    },
  };
}
