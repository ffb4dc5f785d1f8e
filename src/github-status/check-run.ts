import * as z from 'zod/mini';
import type { Connect } from '../github/github.ts';
import { timeoutSignal } from '../pause.ts';
import { CHECK_CONCLUSIONS, type CheckRunText, renderCheckRun } from '../report/check-run-text.ts';
import type { GitHubStatusReporter } from '../report/reporters.ts';
import { orUndefined, parseStored } from '../schema.ts';
import { CLOSING_WAIT_MS, createBestEffort } from './best-effort.ts';

/** A check run that somebody else has opened, and that this step closes, however it ends. Never throws. */
export interface CheckRunStatus {
  /** It is in progress: the gate may have closed it in a job before this one. */
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
  /** Keeps what is to be done yet for the `post` step: `text` is what closes it, once that is known. */
  save: (open: OpenCheckRun | undefined) => void;
  /** What the main step has left open, for the `post` step. */
  resumed?: OpenCheckRun | undefined;
}

/** A check run that has to be closed still. */
export interface OpenCheckRun {
  text?: CheckRunText | undefined;
}

/** Undefined where there is none. */
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
      // What closes it must not be overtaken by what opens it.
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
