/** Where a case plays: a platform, a repository, and runs of workflows between the two. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import { PERMISSIONS } from '../../emulator/services/github/permissions.ts';
import { type ActRun, type OnlyJob, runAct } from './act-process.ts';
import { Events, type WorkflowEvent } from './events.ts';
import { findPermissions } from './permissions.ts';
import { createRepository, type Files, type Repository } from './repository.ts';
import { findSettings, type Settings } from './settings.ts';
import { findActions, findCalledWorkflows, type StandIns } from './stand-ins.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const WORKFLOWS = fileURLToPath(new URL('workflows', import.meta.url));
/** More than a run takes on a busy machine; those that hang are killed. */
const RUN_TIMEOUT_MS = 90_000;
const STEP_MS = 20;

export interface Tools {
  act: string;
  standIns: StandIns;
  /** A folder of the case's own. */
  folder: string;
}

export interface RunOptions {
  /** All variables and secrets that there are, instead of one for each that the workflow names. */
  settings?: Settings;
  /** In the place of the values that variables and secrets of these names have here. */
  variables?: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  /** One job, instead of all that the event starts. */
  only?: OnlyJob;
  /** The workflow brings a platform of its own, at this address. */
  apiHost?: string;
  timeoutMs?: number;
  /** Resolves when the run is to be cancelled. */
  cancelAt?: Promise<unknown>;
}

/** A run, and what GitHub calls it. */
export interface WorkflowRun extends ActRun {
  runId: number;
}

export class Stage {
  readonly emulator: Emulator;
  readonly repository: Repository;
  readonly events: Events;
  /** All there were, for the log of a case that failed. */
  readonly runs: WorkflowRun[] = [];
  readonly #tools: Tools;

  constructor(emulator: Emulator, repository: Repository, tools: Tools) {
    this.emulator = emulator;
    this.repository = repository;
    this.events = new Events(emulator, repository);
    this.#tools = tools;
  }

  /** The file in which the stand-in for `gh` keeps labels and issues. */
  get ghState(): string {
    return join(this.#tools.folder, 'gh-state.json');
  }

  /** Runs a line in a terminal in the repository, on a machine where `gh` is logged in. @param input what is typed */
  runLine(line: string, input: string): void {
    execFileSync('bash', ['--norc', '-euo', 'pipefail', '-c', line], {
      cwd: this.repository.folder,
      input,
      env: {
        PATH: [this.#tools.standIns.tools, dirname(process.execPath), process.env['PATH']].join(delimiter),
        GH_TOKEN: this.emulator.github.token,
        E2E_GH_STATE: this.ghState,
      },
    });
  }

  /** Runs a workflow of scripts/e2e/workflows. */
  async runFixture(name: string, event: WorkflowEvent, options: RunOptions = {}): Promise<WorkflowRun> {
    return await this.run(join(WORKFLOWS, name), event, options);
  }

  /** Runs a workflow that is not in a file of its own. */
  async runText(name: string, text: string, event: WorkflowEvent, options: RunOptions = {}): Promise<WorkflowRun> {
    return await this.run(this.writeWorkflow(name, text), event, options);
  }

  /** Gives a workflow a file. @returns its path */
  writeWorkflow(name: string, text: string): string {
    const path = join(this.#tools.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /**
   * Runs a workflow as it is written, for an event.
   * @throws AssertionError for what no run may do, however it ends: a secret in its words, a forbidden request
   */
  async run(path: string, event: WorkflowEvent, options: RunOptions = {}): Promise<WorkflowRun> {
    const { emulator } = this;
    const text = readFileSync(path, 'utf8');
    const texts = [text, ...findCalledWorkflows(text), ...this.repository.workflowTexts];
    this.#limitToken(text, event);
    const settings = options.settings ?? findSettings(texts, emulator);
    const secrets = event.isRestricted ? {} : { ...settings.secrets, ...options.secrets };
    const { runId, runtimeToken } = emulator.artifacts.addRun(event.run);
    const run = await runAct({
      act: this.#tools.act,
      folder: this.#tools.folder,
      repository: this.repository.folder,
      workflow: path,
      event,
      actions: findActions(texts, this.#tools.standIns),
      variables: { ...settings.variables, ...options.variables },
      secrets: { ...secrets, GITHUB_TOKEN: emulator.github.token },
      env: { ...this.#renderEnvironment(event, options.apiHost), GITHUB_RUN_ID: String(runId) },
      processEnv: {
        // act gives both to the jobs; its own artifact service knows less than the platform's.
        ACTIONS_RESULTS_URL: emulator.artifacts.resultsUrl,
        ACTIONS_RUNTIME_TOKEN: runtimeToken,
        E2E_ORIGIN: this.repository.folder,
        E2E_GH_STATE: this.ghState,
        E2E_NODE_MODULES: join(REPOSITORY, 'node_modules'),
      },
      tools: [this.#tools.standIns.tools],
      timeoutMs: options.timeoutMs ?? RUN_TIMEOUT_MS,
      only: options.only,
      ...(options.cancelAt === undefined ? {} : { cancelAt: options.cancelAt }),
    });
    const finished = { ...run, runId };
    this.runs.push(finished);
    this.#expectNoHarm(finished, [...Object.values(secrets), emulator.github.token, runtimeToken], basename(path));
    return finished;
  }

  /** The job's token may do what the workflow asks for; in a restricted run it may read, at most. */
  #limitToken(text: string, { isRestricted }: WorkflowEvent): void {
    const { github } = this.emulator;
    const permissions = findPermissions(text);
    for (const name of PERMISSIONS) {
      const level = isRestricted && permissions[name] === 'write' ? 'read' : permissions[name];
      if (level === 'write') github.allow(name);
      else github.deny(name, level);
    }
  }

  #renderEnvironment({ ref, sha }: WorkflowEvent, apiHost = this.emulator.origin): Record<string, string> {
    const { GITHUB_EVENT_NAME: _event, GITHUB_SHA: _sha, ...github } = this.emulator.github.environment();
    const name = ref.replace(/^refs\/(?:heads|pull|tags)\//, '');
    return {
      ...github,
      ...{ GITHUB_REF: ref, GITHUB_REF_NAME: name },
      // act's name for it.
      SHA_REF: sha,
      CATALYST_API_HOST: apiHost,
    };
  }

  #expectNoHarm(run: WorkflowRun, secrets: readonly string[], workflow: string): void {
    assert.notEqual(run.exitCode, null, `${workflow}: the run took too long (${Math.round(run.durationMs / 1000)} s)`);
    const steps = run.jobs.flatMap((job) => job.steps);
    // Summaries, outputs and annotations are in act's log as they were written, without its own masks.
    const said = JSON.stringify(steps.map(({ summary, outputs, annotations }) => [summary, outputs, annotations]));
    for (const secret of secrets.filter((one) => one !== '')) {
      assert.ok(!run.shown.includes(secret) && !said.includes(secret), `${workflow}: the run shows ${secret}`);
    }
    assert.deepEqual(run.left, [], `${workflow}: temporary files that are left`);
    assert.deepEqual(this.emulator.violations, [], `${workflow}: requests that no client may send`);
  }
}

/** What a case wants to find. */
export interface Setting {
  platform?: EmulatorOptions;
  /** Files of the repository's main branch, beside the storefront's own. */
  files?: Files;
  /** Writes more to its folder, such as what is no text. */
  fill?: (folder: string) => void;
}

/** Gives a case its stage, and clears it away. */
export async function onStage<Result>(
  tools: Tools,
  { platform = {}, files = {}, fill = () => {} }: Setting,
  play: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const emulator = await startEmulator({ stepMs: STEP_MS, ...platform });
  try {
    return await play(new Stage(emulator, createRepository(join(tools.folder, 'repository'), files, fill), tools));
  } finally {
    await emulator.close();
  }
}
