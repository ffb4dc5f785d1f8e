import type { Scenario } from '../scenario.ts';
import { DEPLOY_SCENARIOS } from './deploy.ts';
import { BATCH_SCENARIOS, CLEANUP_SCENARIOS, GATE_SCENARIOS, LOGS_SCENARIOS } from './others.ts';
import { REDIRECTS_SCENARIOS } from './redirects.ts';
import { ROLLBACK_SCENARIOS } from './rollback.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...DEPLOY_SCENARIOS,
  ...ROLLBACK_SCENARIOS,
  ...REDIRECTS_SCENARIOS,
  ...BATCH_SCENARIOS,
  ...GATE_SCENARIOS,
  ...CLEANUP_SCENARIOS,
  ...LOGS_SCENARIOS,
];
