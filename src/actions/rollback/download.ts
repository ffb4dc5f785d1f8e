import { MAX_BUNDLE_BYTES } from '../../domain/bundle-limits.ts';
import type { DeploymentFact } from '../../domain/rollback.ts';
import { ActionError } from '../../errors.ts';
import type { KnownArtifact } from '../../github/github.ts';
import { statusOf } from '../../net/errors.ts';
import { formatBytes } from '../../report/format.ts';
import type { Logger, Phase } from '../../report/run-events.ts';
import type { FoundSource } from './find-source.ts';

export interface DownloadedBundle {
  path: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

export interface DownloadDependencies {
  phase: Phase;
  run: Pick<Logger, 'warn'>;
  download: (
    artifactId: number,
    options: { maxBytes: number; onProgress: (receivedBytes: number) => void },
  ) => Promise<DownloadedBundle>;
  /** Removes a file that must not be deployed. */
  discard: (path: string) => Promise<void>;
  /** The error for an artifact that has expired since it was read. */
  expired: () => Promise<ActionError>;
}

const GONE = 410;

/** Downloads the bundle and compares it with what was deployed. @throws ActionError; then no file is left behind */
export async function downloadBundle(
  { artifact, deployment }: Pick<FoundSource, 'artifact' | 'deployment'>,
  { phase, run, download, discard, expired }: DownloadDependencies,
): Promise<DownloadedBundle> {
  if (artifact.sizeBytes > MAX_BUNDLE_BYTES) throw createTooLargeError(artifact);
  const onProgress = (bytes: number) =>
    phase.status(`downloading, ${formatBytes(bytes)} of ${formatBytes(artifact.sizeBytes)}`);
  const file = await download(artifact.id, { maxBytes: MAX_BUNDLE_BYTES, onProgress }).catch(async (error: unknown) => {
    throw statusOf(error) === GONE ? await expired() : error;
  });
  phase.info(`${formatBytes(file.sizeBytes)}, SHA-256 ${file.sha256}`);
  try {
    phase.result(checkDigest(file, artifact, deployment, run));
  } catch (error) {
    await discard(file.path);
    throw error;
  }
  return file;
}

/** @returns what was checked, in a few words */
function checkDigest(
  file: DownloadedBundle,
  artifact: KnownArtifact,
  deployment: DeploymentFact | undefined,
  run: Pick<Logger, 'warn'>,
): string {
  const size = formatBytes(file.sizeBytes);
  if (deployment !== undefined) {
    const { bundleSha256, bundleBytes } = deployment.payload;
    if (file.sha256 !== bundleSha256 || file.sizeBytes !== bundleBytes) {
      throw createMismatchError(file, artifact, `GitHub deployment ${deployment.id}`, bundleSha256, bundleBytes);
    }
    return `${size}, the SHA-256 is that of GitHub deployment ${deployment.id}`;
  }
  if (artifact.sha256 === undefined) {
    run.warn(
      `GitHub gives no SHA-256 for artifact ${artifact.id}, so its integrity could not be checked.`,
      'Integrity not checked',
    );
    return `${size}, nothing to compare it with`;
  }
  if (file.sha256 !== artifact.sha256) {
    throw createMismatchError(file, artifact, 'GitHub', artifact.sha256, artifact.sizeBytes);
  }
  // Whether it was ever deployed is unknown.
  return `${size}, the SHA-256 is the one that GitHub gives for the artifact; only that was checked`;
}

function createMismatchError(
  file: DownloadedBundle,
  { id }: KnownArtifact,
  who: string,
  sha256: string,
  sizeBytes: number,
): ActionError {
  return new ActionError(
    `Artifact ${id} is not the bundle that was deployed: it has ${file.sizeBytes} bytes and the SHA-256 ${file.sha256}; ${who} says ${sizeBytes} bytes and ${sha256}.`,
    {
      topic: 'bundle-of-unknown-origin',
      title: 'Not the bundle that was deployed',
      fix: 'Check who made this artifact before it is used for anything. Another bundle can be named with `from-deployment`.',
    },
  );
}

function createTooLargeError({ id, name, sizeBytes }: KnownArtifact): ActionError {
  return new ActionError(
    `Artifact ${id} (${name}) has ${formatBytes(sizeBytes)}: the platform accepts no bundle of more than ${formatBytes(MAX_BUNDLE_BYTES)} zipped.`,
    { topic: 'no-bundle-for-the-rollback', title: 'No bundle', fix: 'Name the artifact that holds the bundle.' },
  );
}
