/** actions/upload-artifact, as far as workflows here use it: a zip of a file or a folder, as an artifact of the run. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import AdmZip from 'adm-zip';

const name = readInput('name');
const path = resolve(readInput('path'));
const zip = new AdmZip();
if (statSync(path).isDirectory()) zip.addLocalFolder(path);
else zip.addLocalFile(path);

const folder = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? '', 'artifact-'));
try {
  // The package takes the artifact's name from the file, where that is uploaded as it is.
  const file = join(folder, name);
  zip.writeZip(file);
  await new DefaultArtifactClient().uploadArtifact('', [file], folder, {
    skipArchive: true,
    ...(readInput('retention-days') === '' ? {} : { retentionDays: Number(readInput('retention-days')) }),
  });
  console.log(`Artifact ${name} has been successfully uploaded, from ${basename(path)}`);
} finally {
  rmSync(folder, { recursive: true });
}

function readInput(input: string): string {
  return process.env[`INPUT_${input.toUpperCase()}`] ?? '';
}
