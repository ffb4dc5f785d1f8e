import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { callService, createArtifact, finalize, idsOf, putBlob, sha256, storeArtifact } from './artifacts-helpers.ts';
import { useEmulator } from './helpers.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('CreateArtifact', () => {
  test('gives a URL to upload the content to, in the form of Azure Blob Storage', async () => {
    await using emulator = await useEmulator();
    const url = new URL(await createArtifact(emulator));
    const { workflow_run_backend_id: run, workflow_job_run_backend_id: job } = idsOf(emulator.artifacts.runtimeToken);
    expect(url.origin).toBe(emulator.origin);
    expect(url.pathname).toMatch(
      new RegExp(
        `^/productionresultsemulator/actions-results/${run}/workflow-job-run-${job}/artifacts/[0-9a-f]{64}\\.zip$`,
      ),
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      sp: 'cw',
      sr: 'b',
      sig: expect.stringMatching(/^[\w+/]{43}=$/),
    });
    expect(emulator.artifacts.list).toMatchObject([
      { name: 'bundle.zip', finalized: false, mimeType: 'application/zip' },
    ]);
  });

  test('rejects a name that the run has, even one that was never finalized, and accepts it for another run', async () => {
    await using emulator = await useEmulator();
    await createArtifact(emulator);
    expect(await callService(emulator, 'CreateArtifact', { name: 'bundle.zip' })).toEqual({
      status: 409,
      body: { code: 'already_exists', msg: 'an artifact with this name already exists on the workflow run' },
    });
    const otherJob = emulator.artifacts.addJob();
    expect((await callService(emulator, 'CreateArtifact', { name: 'bundle.zip' }, otherJob)).status).toBe(409);
    const { runtimeToken } = emulator.artifacts.addRun();
    expect((await callService(emulator, 'CreateArtifact', { name: 'bundle.zip' }, runtimeToken)).status).toBe(200);
  });

  test.each(['a/b.zip', 'a\\b.zip', 'a:b.zip', 'a\nb.zip', ''])('rejects the name %j', async (name) => {
    await using emulator = await useEmulator();
    const { status, body } = await callService(emulator, 'CreateArtifact', { name });
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'invalid_argument' });
  });

  test('uses the retention that is given, and 90 days by default', async () => {
    await using emulator = await useEmulator();
    const inThreeDays = Date.now() + 3 * DAY_MS;
    await createArtifact(emulator, 'three.zip', { expires_at: new Date(inThreeDays).toISOString() });
    await createArtifact(emulator, 'default.zip');
    const [three = 0, fallback = 0] = emulator.artifacts.list.map(({ expiresAtMs }) => expiresAtMs);
    expect(three).toBe(inThreeDays);
    expect(Math.abs(fallback - Date.now() - 90 * DAY_MS)).toBeLessThan(60_000);
    const past = { name: 'past.zip', expires_at: new Date(0).toISOString() };
    expect((await callService(emulator, 'CreateArtifact', past)).status).toBe(400);
  });

  test('reports that the quota is exhausted, as long as it is', async () => {
    await using emulator = await useEmulator();
    emulator.artifacts.exhaustQuota();
    expect(await callService(emulator, 'CreateArtifact', { name: 'a.zip' })).toEqual({
      status: 403,
      body: { code: 'permission_denied', msg: 'insufficient usage to create artifact' },
    });
    emulator.artifacts.exhaustQuota(false);
    expect((await callService(emulator, 'CreateArtifact', { name: 'a.zip' })).status).toBe(200);
  });
});

describe('FinalizeArtifact', () => {
  test('makes an artifact of what was stored, and gives the same answer when asked again', async () => {
    await using emulator = await useEmulator();
    await putBlob(await createArtifact(emulator), 'content');
    const first = await finalize(emulator, 'bundle.zip', 'content');
    const [artifact] = emulator.artifacts.list;
    expect(first).toEqual({ status: 200, body: { ok: true, artifact_id: `${artifact?.id}` } });
    expect(await finalize(emulator, 'bundle.zip', 'content')).toEqual(first);
    expect(artifact).toMatchObject({ finalized: true, sizeBytes: 7, sha256: sha256('content') });
    expect(await readFile(artifact?.path ?? '', 'utf8')).toBe('content');
  });

  test.each([
    ['another size', { size: '8' }, 400],
    ['another hash', { hash: `sha256:${sha256('other')}` }, 400],
    ['another name', { name: 'other.zip' }, 404],
  ])('refuses %s', async (_, fields, status) => {
    await using emulator = await useEmulator();
    await putBlob(await createArtifact(emulator), 'content');
    expect((await finalize(emulator, 'bundle.zip', 'content', fields)).status).toBe(status);
    expect(emulator.artifacts.list[0]?.finalized).toBe(false);
  });

  test('rejects what was never stored', async () => {
    await using emulator = await useEmulator();
    await createArtifact(emulator);
    const { status, body } = await finalize(emulator, 'bundle.zip', 'content');
    expect({ status, code: body['code'] }).toEqual({ status: 412, code: 'failed_precondition' });
  });
});

describe('ListArtifacts, GetSignedArtifactURL, DeleteArtifact', () => {
  test('list finalized artifacts of the run, by name or by id', async () => {
    await using emulator = await useEmulator();
    await storeArtifact(emulator, 'one', 'one.zip');
    await storeArtifact(emulator, 'two', 'two.zip');
    await createArtifact(emulator, 'three.zip');
    const [one] = emulator.artifacts.list;
    const namesOf = async (fields: object, token?: string) => {
      const { body } = await callService(emulator, 'ListArtifacts', fields, token);
      return (body['artifacts'] as { name: string }[]).map(({ name }) => name);
    };
    expect(await namesOf({})).toEqual(['one.zip', 'two.zip']);
    expect(await namesOf({ name_filter: 'two.zip' })).toEqual(['two.zip']);
    expect(await namesOf({ id_filter: `${one?.id}` })).toEqual(['one.zip']);
    expect(await namesOf({ nameFilter: 'two.zip' })).toEqual(['two.zip']);
    expect(await namesOf({}, emulator.artifacts.addRun().runtimeToken)).toEqual([]);
  });

  test('an artifact has its size, digest and time in the list', async () => {
    await using emulator = await useEmulator();
    await storeArtifact(emulator, 'content');
    const { body } = await callService(emulator, 'ListArtifacts');
    expect(body['artifacts']).toEqual([
      {
        ...idsOf(emulator.artifacts.runtimeToken),
        database_id: `${emulator.artifacts.list[0]?.id}`,
        name: 'bundle.zip',
        size: '7',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        digest: `sha256:${sha256('content')}`,
      },
    ]);
  });

  test('no URL is signed for what is not final, and the name of a deleted artifact is free again', async () => {
    await using emulator = await useEmulator();
    await createArtifact(emulator, 'open.zip');
    expect((await callService(emulator, 'GetSignedArtifactURL', { name: 'open.zip' })).status).toBe(404);
    const url = await storeArtifact(emulator, 'content');
    expect((await callService(emulator, 'DeleteArtifact', { name: 'bundle.zip' })).status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
    expect((await callService(emulator, 'DeleteArtifact', { name: 'bundle.zip' })).status).toBe(404);
    await storeArtifact(emulator, 'other');
  });
});

describe('who may call', () => {
  test('no token, a wrong one and an expired one are rejected', async () => {
    await using emulator = await useEmulator();
    const { runId, runtimeToken } = emulator.artifacts;
    for (const token of ['x', `${runtimeToken}x`, emulator.artifacts.addJob(runId, -1)]) {
      const { status, body } = await callService(emulator, 'CreateArtifact', idsOf(runtimeToken), token).catch(() =>
        // A token without claims has no ids to send.
        fetchWithToken(emulator.artifacts.resultsUrl, token),
      );
      expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'unauthenticated' });
    }
  });

  test('a token of one run is not valid in another, nor is that of another job for a new artifact', async () => {
    await using emulator = await useEmulator();
    const { runtimeToken } = emulator.artifacts.addRun();
    const fields = { ...idsOf(emulator.artifacts.runtimeToken), name: 'a.zip' };
    expect((await callService(emulator, 'ListArtifacts', fields, runtimeToken)).status).toBe(403);
    expect((await callService(emulator, 'CreateArtifact', fields, emulator.artifacts.addJob())).status).toBe(403);
  });

  test('there is no other method', async () => {
    await using emulator = await useEmulator();
    expect(await callService(emulator, 'MigrateArtifact')).toMatchObject({ status: 404, body: { code: 'bad_route' } });
    expect(emulator.requests.at(-1)?.call).toBe('artifacts.unknown');
  });
});

async function fetchWithToken(resultsUrl: string, token: string) {
  const path = 'twirp/github.actions.results.api.v1.ArtifactService/CreateArtifact';
  const init = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' };
  const response = await fetch(new URL(path, resultsUrl), init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
