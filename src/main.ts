import { type RunContext, type Running, run } from './run.ts';

/**
 * All actions of this repository share one bundle: each entry names its own here, and only the parts of dist/ that it
 * needs are loaded.
 */
const ACTIONS = {
  'batch-upload': async (context: RunContext): Promise<Running> =>
    (await import('./compose/batch-upload.ts')).createBatchUploadRun(context),
  deploy: async (context: RunContext): Promise<Running> =>
    (await import('./compose/deploy.ts')).createDeployRun(context),
  'deploy-post': async (context: RunContext): Promise<Running> =>
    (await import('./compose/deploy-post.ts')).createDeployPostRun(context),
  'preview-cleanup': async (context: RunContext): Promise<Running> =>
    (await import('./compose/preview-cleanup.ts')).createPreviewCleanupRun(context),
  'preview-gate': async (context: RunContext): Promise<Running> =>
    (await import('./compose/preview-gate.ts')).createPreviewGateRun(context),
  'preview-gate-post': async (context: RunContext): Promise<Running> =>
    (await import('./compose/preview-gate-post.ts')).createPreviewGatePostRun(context),
  redirects: async (context: RunContext): Promise<Running> =>
    (await import('./compose/redirects.ts')).createRedirectsRun(context),
  rollback: async (context: RunContext): Promise<Running> =>
    (await import('./compose/rollback.ts')).createRollbackRun(context),
} as const;

export type ActionName = keyof typeof ACTIONS;

/** Runs one action to its end; sets the exit code, never throws. */
export async function runAction(name: ActionName): Promise<void> {
  await run(ACTIONS[name]);
}

/** The work of the thread that entries/artifact-worker.ts starts. */
export async function runArtifactWorker(): Promise<void> {
  await (await import('./github/artifact-worker.ts')).runArtifactWorker();
}

/** The work of the thread that entries/list-worker.ts starts. */
export async function runListWorker(): Promise<void> {
  (await import('./files/redirects/list-worker.ts')).runListWorker();
}
