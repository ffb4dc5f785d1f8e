import * as z from 'zod/mini';
import { GATE_ENDS, type GateEnd } from '../../report/gate-check.ts';
import { mapped, orUndefined, parseStored, someText } from '../../schema.ts';

/** A command's check run, as the main step leaves it to the `post` step. */
export interface CheckState {
  /** It may be there, and nobody has closed it. */
  isOpen: boolean;
  /** Undefined where the answer that would tell it was lost, or has not come. */
  id: number | undefined;
  /** By which it is known again. */
  externalId: string;
  name: string;
  sha: string;
  environment: string;
  /** Who gave the command. */
  login: string;
  /** How the main step ended; undefined while it has not. */
  end: GateEnd | undefined;
}

const state: z.ZodMiniType<CheckState> = mapped(
  z.object({
    isOpen: z.boolean(),
    id: z.optional(z.number()),
    externalId: someText,
    name: z.string(),
    sha: z.string(),
    environment: z.string(),
    login: z.string(),
    end: orUndefined(z.enum(GATE_ENDS)),
  }),
  (found) => found as CheckState,
);

/** Undefined when there is none, or none that is understood: then there is nothing to close. */
export function parseCheckState(json: string): CheckState | undefined {
  return parseStored(state, json);
}
