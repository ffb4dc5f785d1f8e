import type { Bundle } from '../domain/bundle.ts';
import type { DeploymentState } from '../domain/deployment.ts';
import { count, formatBytes, formatDuration } from './format.ts';

/** Phrases that the log and the summary share. */

const LARGEST_SHOWN = 3;

export function bundleResult(bundle: Bundle): { summary: string; lines: string[] } {
  const largest = [...bundle.files].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, LARGEST_SHOWN);
  return {
    summary: `${count(bundle.files.length, 'file')}, ${formatBytes(bundle.sizeBytes)} zipped`,
    lines: [
      `${count(bundle.files.length, 'file')}, ${formatBytes(bundle.unzippedBytes)} unzipped, ${formatBytes(bundle.sizeBytes)} zipped`,
      ...bundle.notes,
      ...largest.map((file) => `${formatBytes(file.sizeBytes).padStart(10)}  ${file.name}`),
      `Zip: ${bundle.path}`,
      `SHA-256: ${bundle.sha256}`,
    ],
  };
}

/** A call that failed and is about to be made again; `attempt` counts the ones made, from 1. */
export function retryText({ error, delayMs, attempt }: { error: Error; delayMs: number; attempt: number }): string {
  return `${error.message} Trying again in ${formatDuration(delayMs)} (try ${attempt + 1}).`;
}

export function uploadProgressText(sentBytes: number, totalBytes: number): string {
  if (sentBytes >= totalBytes) return `${formatBytes(totalBytes)} sent`;
  const percent = Math.floor((100 * sentBytes) / Math.max(1, totalBytes));
  return `uploading, ${formatBytes(sentBytes)} of ${formatBytes(totalBytes)} (${percent} %)`;
}

/** `deploying, 60 %`; the status where there is no step. */
export function stepText({ status, step, progress }: DeploymentState): string {
  const percent = progress === undefined ? '' : `, ${Math.round(progress)} %`;
  if (status === 'failed') return step === undefined ? 'failed' : `failed at ${step}${percent}`;
  if (status === 'completed') return 'completed';
  return `${step ?? status.replaceAll('_', ' ')}${percent}`;
}

/** `Imported 3 redirects` in the middle of a line. */
export function withinLine(words: string): string {
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}
