import * as z from 'zod/mini';
import type { Connect } from '../github/github.ts';
import { timeoutSignal } from '../pause.ts';
import { CHECK_CONCLUSIONS, type CheckRunText, renderCheckRun } from '../report/check-run-text.ts';
import type { DeployEvent, DeployRecord } from '../report/deploy-record.ts';
import type { Run, Sink } from '../report/run-events.ts';
import { orUndefined, parseStored } from '../schema.ts';
import { CLOSING_WAIT_MS, createBestEffort } from './best-effort.ts';

/** A check run that an earlier job opened, and that this step closes however it ends. Never throws. */
export interface CheckRunStatus extends Sink<DeployEvent, DeployRecord> {
  /** Sets it to in progress: the gate may have closed it in an earlier job. */
  begin(signal: AbortSignal): Promise<void>;
}

export interface CheckRunOptions {
  checkRunId: number;
  connect: Connect;
  /** Where it reports what it does. */
  run: Run<DeployEvent>;
  /** Aborted when there is no time left to close it. */
  reportSignal: AbortSignal;
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
  const { checkRunId, connect, run, runUrl, save, resumed, reportSignal: signal } = options;
  save(resumed ?? {});
  const bestEffort = createBestEffort({ failing: `Check run ${checkRunId} could not be updated.`, logger: run });
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
  const end = async (text: CheckRunText) => {
    save({ text });
    // The request that opens it must not overtake the one that closes it.
    await beginning;
    const isClosed = await bestEffort.attempt(signal, async () => {
      const github = await connect(signal, CLOSING_WAIT_MS);
      await github.updateCheckRun(checkRunId, { ...text, detailsUrl: runUrl });
      run.info(`Check run ${checkRunId}: ${text.conclusion}`);
      return true;
    });
    if (isClosed ?? bestEffort.isGivenUp) save(undefined);
  };
  return {
    failing: `Check run ${checkRunId} could not be updated`,
    begin: async (signal) => {
      beginning = begin(signal);
      await beginning;
    },
    receive: (occurrence) => {
      if (occurrence.type !== 'ended' && occurrence.type !== 'replayed') return undefined;
      return end(resumed?.text ?? renderCheckRun(occurrence.record, runUrl));
    },
  };
}
