import * as z from 'zod/mini';
import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import type { FaultOf } from '../../faults/define.ts';
import { ANSWER_QUEUE, defineFault, milliseconds, wholeNumber } from '../../faults/define.ts';
import { oneOf } from '../../schema.ts';
import { STREAM_FAULTS } from '../../streams/stream-faults.ts';
import { STEPS } from './records.ts';

const CREATES_DEPLOYMENT = { calls: ['createDeployment'] };

/** 409 to this create call; with `durationMs`, to all create calls for so long from the first one on. */
export const CONFLICT = defineFault(
  'conflict',
  { durationMs: z.optional(milliseconds) },
  { ...CREATES_DEPLOYMENT, queue: ANSWER_QUEUE },
);

/** The upload that the create call names is removed from the store first. */
export const UPLOAD_GONE = defineFault('upload-gone', {}, { ...CREATES_DEPLOYMENT, queue: ANSWER_QUEUE });

/** The deployment that the create call starts fails with this code, at this step (`deploying`). */
export const FAIL = defineFault('fail', { code: wholeNumber, atStep: z.optional(oneOf(STEPS)) }, CREATES_DEPLOYMENT);

export type DeploymentFault = FaultOf<typeof FAIL>;

export const HOSTING_FAULTS = [
  ...ANSWER_FAULTS,
  STATUS_AFTER_WORK,
  CONFLICT,
  UPLOAD_GONE,
  FAIL,
  ...STREAM_FAULTS,
] as const;
