import { parseCheckState } from '../actions/preview-gate/check.ts';
import { readWorkflowEvent } from '../github/event.ts';
import { readGateToken } from '../inputs/preview-gate.ts';
import { createInputSource } from '../inputs/source.ts';
import type { RunContext, Running } from '../run-context.ts';
import { createConnect } from './github.ts';
import { CHECK_STATE_NAME, createGateCheck } from './preview-gate.ts';

/** The longest wait that GitHub may ask for: nothing else waits for this step. */
const LONGEST_WAIT_MS = 60_000;

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
        logger.warn(`${mayBeOpen(left.name)} There is no token, or no repository, to ask GitHub with.`);
        return;
      }
      const check = createGateCheck(event, left.name, logger, {
        onFound: () => {},
        save: (checkState) => state.save(CHECK_STATE_NAME, JSON.stringify(checkState)),
        resumed: left,
      });
      const connect = createConnect({ token, writesComments: false, event, report: logger, redactor });
      await check.closeLeft(() => connect(signal, LONGEST_WAIT_MS), signal);
    },
    finish: async (error) => {
      if (error !== undefined) logger.warn(`${mayBeOpen(left?.name ?? '')} ${error.message}`);
    },
    close: async () => {},
  };
}

function mayBeOpen(name: string): string {
  return `The check run "${name}" may have stayed open.`;
}
