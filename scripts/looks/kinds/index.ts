import type { Kind } from '../kind.ts';
import { BATCH_KINDS } from './batch.ts';
import { DEPLOY_KINDS, FAILED_DEPLOY_KINDS } from './deploy.ts';
import { CLEANUP_KINDS, GATE_KINDS, LOGS_KINDS } from './others.ts';
import { PREVIEW_KINDS } from './preview.ts';
import { REDIRECTS_KINDS } from './redirects.ts';
import { ROLLBACK_KINDS } from './rollback.ts';

/** One more is a row of the files beside this one. */
export const KINDS: readonly Kind[] = [
  ...DEPLOY_KINDS,
  ...FAILED_DEPLOY_KINDS,
  ...PREVIEW_KINDS,
  ...ROLLBACK_KINDS,
  ...REDIRECTS_KINDS,
  ...BATCH_KINDS,
  ...GATE_KINDS,
  ...CLEANUP_KINDS,
  ...LOGS_KINDS,
];
