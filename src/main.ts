import { type RunContext, type Running, run } from './run.ts';

/**
 * All actions of this repository share one bundle, dist/main.js: each entry names its own here, and only that one's
 * modules are evaluated.
 */
const ACTIONS = {
  'batch-upload': async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/batch-upload.ts')).createBatchUploadRun(context),
  deploy: async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/deploy.ts')).createDeployRun(context),
  'deploy-post': async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/deploy-post.ts')).createDeployPostRun(context),
  'preview-cleanup': async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/preview-cleanup.ts')).createPreviewCleanupRun(context),
  'preview-gate': async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/preview-gate.ts')).createPreviewGateRun(context),
  'preview-gate-post': async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/preview-gate-post.ts')).createPreviewGatePostRun(context),
  redirects: async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/redirects.ts')).createRedirectsRun(context),
  rollback: async (context: RunContext): Promise<Running> =>
    (await import(/* webpackMode: "eager" */ './runners/rollback.ts')).createRollbackRun(context),
} as const;

export type ActionName = keyof typeof ACTIONS;

/** Runs one action to its end; sets the exit code, never throws. */
export async function runAction(name: ActionName): Promise<void> {
  await run(ACTIONS[name]);
}

/** The work of the thread that entries/artifact-worker.ts starts. */
export async function runArtifactWorker(): Promise<void> {
  await (await import(/* webpackMode: "eager" */ './github/artifact-worker.ts')).runArtifactWorker();
}
