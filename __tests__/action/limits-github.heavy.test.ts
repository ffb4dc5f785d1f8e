/** A summary and a comment that would be far over GitHub's limits: cut, with the important parts still in them. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, test } from '@jest/globals';
import { ZipArchive } from 'archiver';
import { githubPlatform, onGitHub, onPullRequest, ownComments } from './github-harness.ts';
import { SMALL_BUILD, storefront, writeWorkspaceFile } from './harness.ts';

const MAX_SUMMARY_BYTES = 1024 * 1024;
const MAX_COMMENT_CHARS = 65_536;

/** A ready zip with this many offences, under names of characters that grow most when they are escaped. */
async function refusedZip(workspace: string, offences: number, nameLength: number): Promise<string> {
  const path = join(workspace, 'refused.zip');
  const archive = new ZipArchive({ zlib: { level: 1 } });
  for (const [name, content] of Object.entries(SMALL_BUILD)) {
    archive.append(Buffer.from(content), { name: `output/${name}` });
  }
  for (let index = 0; index < offences; index += 1) {
    archive.append('A=1\n', { name: `output/${'@'.repeat(nameLength)}${index}/.env` });
  }
  await Promise.all([archive.finalize(), pipeline(archive, createWriteStream(path))]);
  return path;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

test('a summary of many long names is small without being cut, and keeps what matters', async () => {
  const emulator = await githubPlatform();
  const list = (prefix: string, value: string) =>
    Array.from({ length: 100 }, (_, index) => `${prefix}${'_'.repeat(1230)}${index}=${value}`).join('\n');
  // Values too short to be masked give warnings, by their keys.
  const inputs = { 'environment-variables': list('A', 'plain'), secrets: list('B', 'abc') };
  const run = await onGitHub({ emulator, inputs });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(bytesOf(run.summary)).toBeLessThan(200_000);
  expect(run.summary).toMatch(/^## ✅ Deployed to production\n/);
  expect(run.summary).toContain(run.outputs['url']);
  expect(run.summary).toContain('<summary>Phases (slowest: ');
  expect(run.summary).toContain(run.outputs['bundle-sha256']);
  expect(run.summary).not.toContain('Cut here');
  expect(emulator.github.deployments).toHaveLength(1);
});

test('a summary of a thousand refused names is under 1 MiB and keeps its head', async () => {
  const emulator = await githubPlatform();
  const workspace = storefront({});
  const bundle = await refusedZip(workspace, 1000, 2000);
  const run = await onGitHub({ emulator, workspace, inputs: { bundle } });
  expect(run.outputs['outcome']).toBe('error');
  expect(bytesOf(run.summary)).toBeLessThan(MAX_SUMMARY_BYTES);
  expect(run.summary).toMatch(/^## ❌ Not deployed to production: Bundle refused before upload\n/);
  expect(run.summary).toContain('\n\n**What to do:** ');
  expect(emulator.requests).toEqual([]);
});

test('a summary of thousands of files is small without being cut', async () => {
  const emulator = await githubPlatform();
  const workspace = storefront();
  for (let index = 0; index < 990; index += 1) {
    const name = `.bigcommerce/dist/assets/${'@'.repeat(100)}${index}.${'x'.repeat(40)}${index}`;
    writeWorkspaceFile(workspace, name, `${index}`);
  }
  const run = await onGitHub({ emulator, workspace });
  expect(run.outputs['outcome']).toBe('deployed');
  expect(bytesOf(run.summary)).toBeLessThan(100_000);
  expect(run.summary).not.toContain('Cut here');
});

const REFUSED: { of: string; inputs: (workspace: string) => Promise<Record<string, string>> }[] = [
  { of: 'a zip', inputs: async (workspace) => ({ bundle: await refusedZip(workspace, 1000, 2000) }) },
  {
    of: 'a folder',
    inputs: async (workspace) => {
      for (let index = 0; index < 1000; index += 1)
        writeWorkspaceFile(workspace, `.bigcommerce/dist/${'@'.repeat(150)}${index}/.env`, 'A=1\n');
      return {};
    },
  },
];

test.each(REFUSED)('a comment on a thousand refused names of $of keeps heading and what to do', async ({ inputs }) => {
  const emulator = await githubPlatform();
  const workspace = storefront();
  const run = await onPullRequest({ emulator, workspace, inputs: await inputs(workspace) });
  expect(run.outputs['outcome']).toBe('error');
  expect(run.annotations.filter(({ level }) => level === 'warning')).toEqual([]);
  const body = ownComments(emulator)[0]?.body ?? '';
  expect(body.length).toBeLessThan(MAX_COMMENT_CHARS);
  expect(body).toMatch(/\n### ❌ Not deployed to preview: Bundle refused before upload\n/);
  // Not toMatch: a failure would print all of it.
  expect(body.includes('\n\n**What to do:** ')).toBe(true);
  expect(/and \d+ more&#58; see the job log/.test(body)).toBe(true);
  expect(body.includes('>Log of the run</a>')).toBe(true);
  expect(bytesOf(run.summary)).toBeLessThan(MAX_SUMMARY_BYTES);
});

test('a comment on an endless error of the platform keeps heading and advice', async () => {
  const emulator = await githubPlatform();
  const words = '@'.repeat(300_000);
  const fields = Object.fromEntries([1, 2, 3, 4, 5].map((index) => [`${'<'.repeat(500)}${index}`, words]));
  emulator.addFault({
    call: 'createDeployment',
    effect: 'status',
    status: 422,
    body: { status: 422, title: words, detail: words, errors: { upload_uuid: words, ...fields } },
    times: 'always',
  });
  const run = await onPullRequest({ emulator });
  expect(run.outputs['outcome']).toBe('error');
  const body = ownComments(emulator)[0]?.body ?? '';
  expect(body.length).toBeLessThan(MAX_COMMENT_CHARS);
  expect(body).toMatch(/\n### ❌ Not deployed to preview: .*\n/);
  expect(body).toContain('422');
  expect(body).toContain('\n\n**What to do:** ');
  expect(bytesOf(run.summary)).toBeLessThan(MAX_SUMMARY_BYTES);
  expect(emulator.github.deployments[0]?.state).toBe('error');
  for (const { description } of emulator.github.deployments[0]?.statuses ?? [])
    expect(description.length).toBeLessThanOrEqual(140);
});

test('a comment that had a last success keeps it when a later push fails at length', async () => {
  const emulator = await githubPlatform();
  const good = await onPullRequest({ emulator });
  expect(good.outputs['outcome']).toBe('deployed');
  const workspace = storefront({});
  await onPullRequest({ emulator, workspace, inputs: { bundle: await refusedZip(workspace, 1000, 2000) } });
  expect(ownComments(emulator)).toHaveLength(1);
  const body = ownComments(emulator)[0]?.body ?? '';
  expect(body.length).toBeLessThan(MAX_COMMENT_CHARS);
  expect(body).toContain('The last deployment of this pull request that succeeded was');
});
