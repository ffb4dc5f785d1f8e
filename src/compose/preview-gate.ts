import { GateCheck } from '../actions/preview-gate/check.ts';
import type { CheckState } from '../actions/preview-gate/check-state.ts';
import { cancelledGate } from '../actions/preview-gate/failure.ts';
import { gate } from '../actions/preview-gate/gate.ts';
import { GateTelling } from '../actions/preview-gate/telling.ts';
import { ActionError, CancelledError } from '../errors.ts';
import { commitUrlOf, pullRequestUrlOf, readWorkflowEvent, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { readGateEvent } from '../github/gate-event.ts';
import type { Connect } from '../github/github.ts';
import { CLOSING_WAIT_MS, createBestEffort } from '../github-status/best-effort.ts';
import { type GateInputs, readGateInputs } from '../inputs/preview-gate.ts';
import { createInputSource } from '../inputs/source.ts';
import { GateReport } from '../report/gate-report.ts';
import type { Logger } from '../report/reporters.ts';
import type { RunContext, Running } from '../run.ts';
import { createConnect } from './github.ts';

/** The name under which the main step leaves its check run to the `post` step. */
export const CHECK_STATE_NAME = 'check';

/** Puts the preview gate together: its inputs, its client, its report. */
export async function createPreviewGateRun(context: RunContext): Promise<Running> {
  const { log, redactor, maskSecret, correlationId, signal } = context;
  const report = new GateReport({ log, redactor, correlationId });
  let inputs: GateInputs | undefined;
  let closing: Closing | undefined;
  return {
    work: async () => {
      inputs = readGateInputs(createInputSource({ env: process.env, maskSecret }));
      report.started(inputs);
      const event = await readWorkflowEvent();
      if (event === undefined) throw outsideOfARun();
      report.event(event.name, {
        pullRequestUrlOf: (number) => pullRequestUrlOf(event, number),
        commitUrlOf: (sha) => commitUrlOf(event, sha),
      });
      const gateEvent = await readGateEvent(event);
      const parts = createParts(context, inputs, event, report);
      closing = { ...parts, report, keepOpen: inputs.keepCheckOpen };
      await gate({ ...parts, inputs, event: gateEvent, actor: event.actor, signal, reporter: report });
    },
    finish: async (error, time) => {
      const failure = error instanceof CancelledError ? cancelledGate(error) : error;
      if (failure !== undefined) report.ended(failure);
      await settleCheck(closing, failure, time);
      // A signal that came too late to end the work is heeded all the same.
      if (failure === undefined) report.ended(signal.aborted ? cancelledGate(signal.reason) : undefined);
      await report.finish();
    },
    close: async () => {},
  };
}

/** What the gate and its `post` step need of GitHub. */
interface GateParts {
  connect: Connect;
  check: GateCheck;
}

interface Closing extends GateParts {
  report: GateReport;
  keepOpen: boolean;
}

function createParts(
  context: RunContext,
  inputs: GateInputs,
  event: WorkflowEvent,
  report: GateReport,
): GateParts & { telling: GateTelling } {
  const { signal, correlationId, state, redactor } = context;
  const connect = createConnect({ token: inputs.token ?? '', writesComments: inputs.comment, event, report, redactor });
  const check = createGateCheck(event, inputs.checkName, report, {
    known: (checkRun) => report.checkRunMade(checkRun),
    save: (checkState) => state.save(CHECK_STATE_NAME, JSON.stringify(checkState)),
  });
  const telling = new GateTelling({
    inputs,
    check,
    externalId: correlationId,
    runUrl: runUrlOf(event),
    commitUrlOf: (sha) => commitUrlOf(event, sha),
    signal,
    reporter: report,
    connect,
  });
  return { connect, check, telling };
}

export function createGateCheck(
  event: WorkflowEvent,
  name: string,
  logger: Logger,
  {
    known,
    save,
    resumed,
  }: Pick<ConstructorParameters<typeof GateCheck>[0], 'known' | 'save'> & { resumed?: CheckState },
): GateCheck {
  const bestEffort = createBestEffort({ failing: `The check run "${name}" could not be made or closed.`, logger });
  return new GateCheck({ bestEffort, runUrl: runUrlOf(event), known, save }, resumed);
}

/** Closes the check run, or hands it on. What stays open is closed by the `post` step. */
async function settleCheck(closing: Closing | undefined, failure: ActionError | undefined, time: AbortSignal) {
  if (closing?.check.isOpen !== true) return;
  const { check, connect, report, keepOpen } = closing;
  const end = failure === undefined ? (keepOpen ? 'handed-on' : 'accepted') : endOf(failure);
  await report.phase('Update GitHub', async (phase) => {
    const handedOn = await check.settle(() => connect(time, CLOSING_WAIT_MS), end, time);
    if (handedOn !== undefined) report.checkRunHandedOn(handedOn);
    phase.result(check.isOpen ? (handedOn === undefined ? 'not closed' : 'check run handed on') : 'check run closed');
  });
}

function endOf(failure: ActionError): 'cancelled' | 'failed' {
  return failure instanceof CancelledError ? 'cancelled' : 'failed';
}

function outsideOfARun(): ActionError {
  return new ActionError('GITHUB_REPOSITORY is not set, as if this were no GitHub Actions run: nothing is deployed.', {
    title: 'No workflow run',
    fix: 'A runner sets it; do not set it in `env:`.',
  });
}
