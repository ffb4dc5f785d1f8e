/** What the tests of the upload share: a platform, a zip, the runner's environment, and a store between them. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/server.ts';
import { ActionError } from '../../src/errors.ts';
import type { ArtifactStore, ArtifactStoreOptions } from '../../src/github/artifact-store.ts';
import { createArtifactStore } from '../../src/github/artifact-store.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';

const environment = { ...process.env };

afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});

export async function platform(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  onCleanUp(() => emulator.close());
  return emulator;
}

export interface Zip {
  path: string;
  sizeBytes: number;
  sha256: string;
}

export function writeZip(sizeBytes = 1000): Zip {
  const content = randomBytes(sizeBytes);
  const path = join(temporaryFolder(), 'catalyst-bundle-1.zip');
  writeFileSync(path, content);
  return { path, sizeBytes, sha256: createHash('sha256').update(content).digest('hex') };
}

export interface Upload {
  store: ArtifactStore;
  masked: string[];
  printed: string[];
  /** The files left in RUNNER_TEMP. */
  leftovers: () => string[];
}

/** A store of a job of the platform's first run. */
export function useStore({ artifacts }: Emulator, options: Partial<ArtifactStoreOptions> = {}): Upload {
  process.env['ACTIONS_RUNTIME_TOKEN'] = artifacts.runtimeToken;
  process.env['ACTIONS_RESULTS_URL'] = artifacts.resultsUrl;
  const runnerTemp = join(temporaryFolder(), 'temp');
  mkdirSync(runnerTemp);
  process.env['RUNNER_TEMP'] = runnerTemp;
  const masked: string[] = [];
  const printed: string[] = [];
  const store = createArtifactStore({
    serverUrl: 'https://github.com',
    repository: 'acme/storefront',
    runId: `${artifacts.runId}`,
    maskSecret: (value) => masked.push(value),
    debug: (text) => printed.push(text),
    ...options,
  });
  return { store, masked, printed, leftovers: () => readdirSync(runnerTemp) };
}

/** The error that a promise is rejected with, which must be one for the user. */
export async function failureOf(promise: Promise<unknown>): Promise<ActionError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ActionError)) throw new Error(`expected an ActionError, got ${error}`);
  return error;
}

export const NEVER = new AbortController().signal;
