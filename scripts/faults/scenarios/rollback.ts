import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from '../../../emulator/emulator.ts';
import { startEmulator } from '../../../emulator/server.ts';
import { runInPlatform, VARIABLES } from '../../demo-platform.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { writeBuild, writeFiles } from './files.ts';
import {
  BEFORE_DOWNLOAD,
  BEST_EFFORT,
  CREATES_DEPLOYMENT,
  ESSENTIAL,
  ESSENTIAL_ON_GITHUB,
  MADE_ON_GITHUB,
  ON_GITHUB,
  SETS_STATUS,
  STORED,
  UNTIL_VERDICT,
} from './rules.ts';

/** What a run of the deploy action has left on GitHub. */
interface Deployed {
  bundle: Buffer;
  name: string;
  sha256: string;
  payload: Record<string, unknown>;
}

type NewRun = NonNullable<Parameters<Emulator['artifacts']['addRun']>[0]>;

const TAGGED = '7'.repeat(40);

let template: Promise<readonly Deployed[]> | undefined;

/** Two deployments of different builds, made once: each cell gets a copy of what they leave. */
async function deployTwice(): Promise<readonly Deployed[]> {
  const emulator = await startEmulator({ stepMs: 10 });
  const workspace = mkdtempSync(join(tmpdir(), 'faults-template-'));
  try {
    const inputs = { 'project-uuid': emulator.projects[0]?.uuid ?? '', verify: 'off', ...VARIABLES };
    for (const version of ['one', 'two']) {
      writeBuild(workspace);
      writeFiles(workspace, { '.bigcommerce/dist/assets/version.txt': version });
      const { runId, runtimeToken } = emulator.artifacts.addRun({ event: 'push' });
      const env = { GITHUB_RUN_ID: String(runId), ACTIONS_RUNTIME_TOKEN: runtimeToken };
      const run = await runInPlatform(emulator, { workspace, inputs, env, measuresMemory: false });
      rmSync(run.runnerTemp, { recursive: true, force: true });
      if (run.outputs['outcome'] !== 'deployed') throw new Error(`The template failed:\n${run.lines.join('\n')}`);
    }
    return emulator.artifacts.list.map(({ path = '', name, sha256 = '' }, index) => ({
      bundle: readFileSync(path),
      name,
      sha256,
      payload: emulator.github.deployments[index]?.payload as Record<string, unknown>,
    }));
  } finally {
    await emulator.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** The same two in this platform, the older one first. */
async function addDeployed({ emulator }: Stage, run: NewRun = { event: 'push' }) {
  template ??= deployTwice();
  const added: { deploymentId: number; runId: number }[] = [];
  for (const deployed of await template) {
    const { runId, runtimeToken } = emulator.artifacts.addRun(run);
    const artifactId = await storeArtifact(emulator, runtimeToken, deployed);
    const payload = {
      ...deployed.payload,
      artifact_id: artifactId,
      run_id: String(runId),
      project_uuid: emulator.projects[0]?.uuid,
    };
    const { id } = emulator.github.addDeployment({ payload, statuses: ['in_progress', 'success'] });
    added.push({ deploymentId: id, runId });
  }
  return added;
}

/** As `@actions/artifact` does it. */
async function storeArtifact(emulator: Emulator, token: string, { bundle, name, sha256 }: Deployed): Promise<number> {
  const { scp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { scp: string };
  const [, run, job] = /Actions\.Results:([^: ]+):([^: ]+)/.exec(scp) ?? [];
  const call = async (method: string, fields: object): Promise<Record<string, string>> => {
    const path = `twirp/github.actions.results.api.v1.ArtifactService/${method}`;
    const response = await fetch(new URL(path, emulator.artifacts.resultsUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ workflow_run_backend_id: run, workflow_job_run_backend_id: job, name, ...fields }),
    });
    return (await response.json()) as Record<string, string>;
  };
  const { signed_upload_url: url = '' } = await call('CreateArtifact', { version: 7, mime_type: 'application/zip' });
  await fetch(url, { method: 'PUT', body: new Uint8Array(bundle), headers: { 'x-ms-blob-type': 'BlockBlob' } });
  const { artifact_id: id } = await call('FinalizeArtifact', { size: `${bundle.length}`, hash: `sha256:${sha256}` });
  return Number(id);
}

/** A run of its own, as a dispatch by hand is. */
function dispatched({ emulator }: Stage, inputs: Record<string, string> = {}) {
  const { runId, runtimeToken } = emulator.artifacts.addRun({ event: 'workflow_dispatch' });
  return {
    action: 'rollback',
    event: { name: 'workflow_dispatch', payload: { repository: { default_branch: 'main' } } },
    env: { GITHUB_RUN_ID: String(runId), ACTIONS_RUNTIME_TOKEN: runtimeToken },
    inputs: { verify: 'off', diagnostics: 'never', 'timeout-minutes': '1', ...VARIABLES, ...inputs },
  };
}

export const ROLLBACK_SCENARIOS: readonly Scenario[] = [
  {
    name: 'rollback',
    outcome: 'deployed',
    prepare: async (stage) => {
      await addDeployed(stage);
      return dispatched(stage);
    },
    calls: {
      'github.listDeployments': ESSENTIAL_ON_GITHUB,
      'github.listDeploymentStatuses': ESSENTIAL_ON_GITHUB,
      'github.getArtifact': ESSENTIAL_ON_GITHUB,
      'github.getRun': ESSENTIAL_ON_GITHUB,
      'github.downloadArtifact': ESSENTIAL_ON_GITHUB,
      // Its bytes come one a second: the bundle is not whole when the download's five minutes are over.
      'artifacts.getBlob': { ...ESSENTIAL, waited: ['red: error'] },
      'artifacts.create': BEST_EFFORT,
      'artifacts.putBlock': BEST_EFFORT,
      'artifacts.putBlockList': BEST_EFFORT,
      'artifacts.finalize': STORED,
      'github.createDeployment': { ...MADE_ON_GITHUB, ...BEFORE_DOWNLOAD },
      'github.createDeploymentStatus': { ...SETS_STATUS, ...BEFORE_DOWNLOAD },
      sign: ESSENTIAL,
      upload: ESSENTIAL,
      createDeployment: CREATES_DEPLOYMENT,
      events: UNTIL_VERDICT,
    },
  },
  {
    name: 'rollback to a run',
    outcome: 'deployed',
    prepare: async (stage) => {
      const [first] = await addDeployed(stage, { event: 'push', headBranch: 'v1.0.0', headSha: TAGGED });
      stage.emulator.github.addTag('v1.0.0', TAGGED);
      return dispatched(stage, { 'from-run': `${first?.runId}` });
    },
    calls: {
      // Only a hint hangs on it.
      'github.getRef': { ...ON_GITHUB, ...BEFORE_DOWNLOAD },
    },
  },
  {
    name: 'rollback to a deployment',
    outcome: 'deployed',
    prepare: async (stage) => {
      const [first] = await addDeployed(stage);
      return dispatched(stage, { 'from-deployment': `${first?.deploymentId}` });
    },
    calls: {
      'github.getDeployment': ESSENTIAL_ON_GITHUB,
    },
  },
];
