import { type CheckState, GateCheck, parseCheckState } from '../actions/preview-gate/check.ts';
import { cancelledGate } from '../actions/preview-gate/failure.ts';
import { type GateAddresses, gate } from '../actions/preview-gate/gate.ts';
import { GateStatus } from '../actions/preview-gate/gate-status.ts';
import { ActionError, CancelledError } from '../errors.ts';
import { commitUrlOf, pullRequestUrlOf, readWorkflowEvent, runUrlOf, type WorkflowEvent } from '../github/event.ts';
import { readGateEvent } from '../github/gate-event.ts';
import type { Connect } from '../github/github.ts';
import { CLOSING_WAIT_MS, createBestEffort } from '../github-status/best-effort.ts';
import { type GateInputs, readGateInputs, readGateToken } from '../inputs/preview-gate.ts';
import { createInputSource } from '../inputs/source.ts';
import type { GateEvent } from '../report/gate-record.ts';
import { GATE_REPORT } from '../report/gate-report.ts';
import type { Logger, Run } from '../report/run-events.ts';
import type { RunContext, Running } from '../run-context.ts';
import { createConnect } from './github.ts';
import { introduce } from './introduce.ts';

/** The name under which the main step leaves its check run to the `post` step. */
const CHECK_STATE_NAME = 'check';

/** Puts the preview gate together: its inputs, its client, its report. */
export async function createPreviewGateRun(context: RunContext): Promise<Running> {
  const { maskSecret, signal } = context;
  const run = context.begin(GATE_REPORT);
  let inputs: GateInputs | undefined;
  let closing: Closing | undefined;
  return {
    work: async () => {
      const source = createInputSource({ env: process.env, maskSecret });
      const event = await readWorkflowEvent();
      introduce('preview-gate', { run, source, event });
      inputs = readGateInputs(source);
      const { policy, environment, commandPhrase } = inputs;
      run.emit({ type: 'started', policy, environment, commandPhrase });
      if (event === undefined) throw outsideOfARun();
      run.emit({ type: 'event-read', name: event.name });
      const addresses: GateAddresses = {
        pullRequestUrlOf: (number) => pullRequestUrlOf(event, number),
        commitUrlOf: (sha) => commitUrlOf(event, sha),
      };
      const gateEvent = await readGateEvent(event);
      const parts = createParts({ context, inputs, event, run, addresses });
      closing = { ...parts, run, keepOpen: inputs.keepCheckOpen };
      await gate({ ...parts, inputs, event: gateEvent, actor: event.actor, signal, run, addresses });
    },
    finish: async (error, time) => {
      const failure = error instanceof CancelledError ? cancelledGate(error) : error;
      if (failure !== undefined) run.end(failure);
      await settleCheck(closing, failure, time);
      // A signal that came too late to end the work still counts.
      if (failure === undefined) run.end(signal.aborted ? cancelledGate(signal.reason) : undefined);
      await run.finish();
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
  run: Run<GateEvent>;
  keepOpen: boolean;
}

interface Known {
  context: RunContext;
  inputs: GateInputs;
  event: WorkflowEvent;
  run: Run<GateEvent>;
  addresses: GateAddresses;
}

function createParts({ context, inputs, event, run, addresses }: Known): GateParts & { status: GateStatus } {
  const { signal, correlationId, state, redactor } = context;
  const connect = createConnect({
    token: inputs.token ?? '',
    writesComments: inputs.comment,
    event,
    report: run,
    redactor,
  });
  const check = createGateCheck(event, inputs.checkName, run, {
    onFound: ({ id, url }) => run.emit({ type: 'check-run-found', id, url }),
    save: (checkState) => state.save(CHECK_STATE_NAME, JSON.stringify(checkState)),
  });
  const status = new GateStatus({
    inputs,
    check,
    externalId: correlationId,
    runUrl: runUrlOf(event),
    commitUrlOf: addresses.commitUrlOf,
    signal,
    run,
    connect,
  });
  return { connect, check, status };
}

function createGateCheck(
  event: WorkflowEvent,
  name: string,
  logger: Logger,
  {
    onFound,
    save,
    resumed,
  }: Pick<ConstructorParameters<typeof GateCheck>[0], 'onFound' | 'save'> & { resumed?: CheckState },
): GateCheck {
  const bestEffort = createBestEffort({ failing: `The check run "${name}" could not be made or closed.`, logger });
  return new GateCheck({ bestEffort, runUrl: runUrlOf(event), onFound, save }, resumed);
}

/** Closes the check run, or hands it on. What stays open is closed by the `post` step. */
async function settleCheck(closing: Closing | undefined, failure: ActionError | undefined, time: AbortSignal) {
  if (closing?.check.isOpen !== true) return;
  const { check, connect, run, keepOpen } = closing;
  const end = failure === undefined ? (keepOpen ? 'handed-on' : 'accepted') : endOf(failure);
  await run.phase('Update GitHub', async (phase) => {
    const handedOn = await check.settle(() => connect(time, CLOSING_WAIT_MS), end, time);
    if (handedOn !== undefined) run.emit({ type: 'check-run-handed-on', id: handedOn });
    phase.result(check.isOpen ? (handedOn === undefined ? 'not closed' : 'check run handed on') : 'check run closed');
  });
}

function endOf(failure: ActionError): 'cancelled' | 'failed' {
  return failure instanceof CancelledError ? 'cancelled' : 'failed';
}

function outsideOfARun(): ActionError {
  return new ActionError('GITHUB_REPOSITORY is not set, as if this were no GitHub Actions run.', {
    title: 'No workflow run',
    fix: 'A runner sets it; do not set it in `env:`.',
  });
}

/** The longest wait that GitHub may ask for: nothing else waits for this step. */
const POST_WAIT_MS = 60_000;

/**
 * The `post` step of the preview gate: closes a command's check run if neither the main step nor a deployment did.
 * Logs nothing if it is closed.
 */
export async function createPreviewGatePostRun(context: RunContext): Promise<Running> {
  const { logger, redactor, maskSecret, state, signal } = context;
  const left = parseCheckState(state.read(CHECK_STATE_NAME));
  return {
    work: async () => {
      const token = readGateToken(createInputSource({ env: process.env, maskSecret }));
      const event = await readWorkflowEvent();
      if (left?.isOpen !== true) return;
      if (token === undefined || event === undefined) {
        logger.warn(
          `${mayBeOpen(left.name)} There is no token, or no repository, to ask GitHub with.`,
          'Check run may stay open',
        );
        return;
      }
      const check = createGateCheck(event, left.name, logger, {
        onFound: () => {},
        save: (checkState) => state.save(CHECK_STATE_NAME, JSON.stringify(checkState)),
        resumed: left,
      });
      const connect = createConnect({ token, writesComments: false, event, report: logger, redactor });
      await check.closeLeft(() => connect(signal, POST_WAIT_MS), signal);
    },
    finish: async (error) => {
      if (error !== undefined)
        logger.warn(`${mayBeOpen(left?.name ?? '')} ${error.message}`, 'Check run may stay open');
    },
    close: async () => {},
  };
}

function mayBeOpen(name: string): string {
  return `The check run "${name}" may have stayed open.`;
}
