/** What the main step leaves to its post step comes back as it was; anything else is no state, and no fault. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DeploymentPayload, parsePayload, renderPayload } from '../../src/deployment-payload.ts';
import { cancelledIn } from '../../src/domain/cancelled-run.ts';
import { SHOWN_OUTCOMES } from '../../src/domain/github-deployment.ts';
import { PREVIEW_KINDS } from '../../src/domain/preview-name.ts';
import {
  foldRemoteEvent,
  isOpenRemotely,
  NOTHING_SENT,
  REMOTE_STAGES,
  type RemoteEvent,
} from '../../src/domain/remote-state.ts';
import {
  createOpenState,
  createRunEnd,
  type GitHubStatusState,
  parseState,
  renderState,
} from '../../src/github-status/state.ts';

const PROJECT = { uuid: '0f8fad5b-d9cb-469f-a165-70867728950e', name: 'shop' };

const optionalId = fc.option(fc.integer({ min: 1 }), { nil: undefined });
const text = fc.string({ unit: 'binary' });
const failure = fc.record({ title: text, message: text, fix: fc.option(text, { nil: undefined }) });
const end = fc.record({
  outcome: fc.constantFrom(...SHOWN_OUTCOMES),
  durationMs: fc.nat(),
  failure: fc.option(failure, { nil: undefined }),
  deployments: fc.array(fc.record({ uuid: text }), { maxLength: 3 }),
  correlationId: fc.option(text, { nil: undefined }),
});
const short = fc.string({ unit: 'binary', maxLength: 200 });
const payload: fc.Arbitrary<DeploymentPayload> = fc.record({
  bundleBytes: fc.nat(),
  bundleFiles: fc.nat(),
  bundleSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  artifactId: optionalId,
  artifactName: fc.option(short, { nil: undefined }),
  runId: short,
  runAttempt: short,
  projectUuid: short,
  projectName: fc.option(short, { nil: undefined }),
  pullRequest: optionalId,
  workingDirectory: short,
  preview: fc.constantFrom(...PREVIEW_KINDS, undefined),
  sourceDeploymentId: optionalId,
});
const state = fc
  .record({
    payload: fc.option(payload, { nil: undefined }),
    githubDeploymentId: optionalId,
    commentId: optionalId,
    uuid: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    name: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    stage: fc.constantFrom(...REMOTE_STAGES),
    urls: fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
    isClosed: fc.boolean(),
    isReported: fc.boolean(),
    warned: fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }),
    isDeploymentClosed: fc.boolean(),
    isCommentClosed: fc.boolean(),
    startedAtMs: optionalId,
    completedAtMs: optionalId,
    bundle: fc.option(fc.record({ sizeBytes: fc.nat(), files: fc.nat() }), { nil: undefined }),
    end: fc.option(end, { nil: undefined }),
  })
  .map(({ uuid, name, stage, urls, ...rest }): GitHubStatusState => {
    const remote = { stage, deploymentUuid: uuid };
    return { ...createOpenState({ uuid: PROJECT.uuid, name }, remote), ...rest, urls, remote };
  });

test('a state comes back as it was stored, whatever is in it', () => {
  fc.assert(fc.property(state, (saved) => expect(parseState(renderState(saved))).toEqual(saved)));
});

test('a payload comes back as it was sent, as an object and as its JSON text', () => {
  fc.assert(
    fc.property(payload, (sent) => {
      const rendered = renderPayload(sent);
      expect(parsePayload(rendered)).toEqual(sent);
      expect(parsePayload(JSON.stringify(rendered))).toEqual(sent);
    }),
  );
});

test('a payload of an earlier version is understood, and one of another tool is not', () => {
  const [known] = fc.sample(payload, 1);
  const { preview, source_deployment_id, ...earlier } = renderPayload(known as DeploymentPayload);
  expect(parsePayload(earlier)).toEqual({ ...known, preview: undefined, sourceDeploymentId: undefined });
  for (const other of [undefined, null, '', 'text', '{', [], {}, { ...earlier, bundle_sha256: 'x' }]) {
    expect(parsePayload(other)).toBeUndefined();
  }
});

test('a state is one line, as a variable of the environment', () => {
  fc.assert(fc.property(state, (saved) => expect(renderState(saved)).not.toMatch(/[\r\n\0]/)));
});

test('garbage is no state, and a state of any shape is whole', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({
        projectUuid: fc.oneof(fc.string(), fc.jsonValue()),
        remote: fc.oneof(
          fc.jsonValue(),
          fc.record({
            stage: fc.oneof(fc.constantFrom(...REMOTE_STAGES), fc.jsonValue()),
            deploymentUuid: fc.jsonValue(),
          }),
        ),
        urls: fc.jsonValue(),
        isClosed: fc.jsonValue(),
        githubDeploymentId: fc.jsonValue(),
        commentId: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const found = parseState(text);
      if (found === undefined) return;
      expect(typeof found.projectUuid).toBe('string');
      expect(REMOTE_STAGES).toContain(found.remote.stage);
      expect(found.urls.every((url) => typeof url === 'string')).toBe(true);
      for (const id of [found.githubDeploymentId, found.commentId])
        expect(['number', 'undefined']).toContain(typeof id);
      expect(typeof found.isClosed).toBe('boolean');
      expect(['string', 'undefined']).toContain(typeof found.remote.deploymentUuid);
    }),
    { numRuns: 500 },
  );
});

test.each([
  '',
  ' ',
  'null',
  '7',
  'true',
  '"a"',
  '[]',
  '{}',
  '{"projectUuid":"a"}',
  '{"remote":{"stage":"created"}}',
  '{',
])('%j is no state', (text) => {
  expect(parseState(text)).toBeUndefined();
});

const NOTHING_MORE = { deployments: [], correlationId: undefined };

test('an end fits into a variable of the environment, however long its words are', () => {
  const long = { title: '😀'.repeat(50_000), message: '\u0001"'.repeat(50_000), fix: '\u0001'.repeat(50_000) };
  const stored = createRunEnd({ outcome: 'failed', durationMs: 1, failure: long, ...NOTHING_MORE });
  const open = createOpenState(PROJECT, { stage: 'failed', deploymentUuid: 'a' });
  const json = renderState({ ...open, end: stored });
  expect(json.length).toBeLessThan(32_767);
  // Where the words do not fit even when they are cut, the first of them stay.
  const bare = { title: stored.failure?.title.slice(0, 300), message: stored.failure?.message.slice(0, 300) };
  expect(parseState(json)?.end).toEqual({ ...stored, failure: bare });
  expect(stored.failure?.title.isWellFormed()).toBe(true);
  const shorter = createRunEnd({ ...stored, failure: { title: 'a', message: 'b'.repeat(9000), fix: 'c' } });
  expect(parseState(renderState({ ...open, end: shorter }))?.end).toEqual(shorter);
  expect(shorter.failure?.message).toHaveLength(3000);
});

test('an end that is none is left out, and the rest stays', () => {
  const open = createOpenState(PROJECT, { stage: 'failed', deploymentUuid: 'a' });
  for (const broken of [null, 'failed', { outcome: 'skipped', durationMs: 1 }, { outcome: 'failed' }]) {
    expect(parseState(JSON.stringify({ ...open, end: broken }))).toEqual(open);
  }
});

test('only `true` says that all is closed', () => {
  const open = createOpenState(PROJECT, { stage: 'created', deploymentUuid: 'a' });
  for (const isClosed of ['true', 1, null, {}]) {
    expect(parseState(JSON.stringify({ ...open, isClosed }))?.isClosed).toBe(false);
  }
  expect(parseState(renderState({ ...open, isClosed: true }))?.isClosed).toBe(true);
});

test('a new state has nothing on GitHub', () => {
  const open = createOpenState(PROJECT, NOTHING_SENT);
  // Equal but for keys that are undefined: nothing else is set.
  expect(open).toEqual({
    projectUuid: PROJECT.uuid,
    projectName: 'shop',
    remote: { stage: 'nothing-sent', deploymentUuid: undefined },
    urls: [],
    isReported: false,
    isDeploymentClosed: false,
    isCommentClosed: false,
    areOthersNotified: false,
    isClosed: false,
    warned: [],
  });
});

test('the remote state follows its events, and an attempt forgets the deployment of the one before', () => {
  const events: RemoteEvent[] = [
    { type: 'creating' },
    { type: 'not-created' },
    { type: 'creating' },
    { type: 'created', deploymentUuid: 'a' },
    { type: 'failed', code: '50', meaning: 'It failed' },
    { type: 'creating' },
    { type: 'created', deploymentUuid: 'b' },
    { type: 'deployed', urls: [], atMs: 1 },
  ];
  let remote = NOTHING_SENT;
  const stages = events.map((event) => {
    remote = foldRemoteEvent(remote, event);
    return [remote.stage, remote.deploymentUuid];
  });
  expect(stages).toEqual([
    ['creating', undefined],
    ['not-created', undefined],
    ['creating', undefined],
    ['created', 'a'],
    ['failed', 'a'],
    ['creating', undefined],
    ['created', 'b'],
    ['completed', 'b'],
  ]);
});

test.each([
  ['nothing-sent', false, /Nothing was deployed: the storefront is as it was/],
  ['not-created', false, /Nothing was deployed: the storefront is as it was/],
  ['creating', true, /may or may not have started it/],
  ['created', true, /Deployment a-b-c continues remotely/],
  ['failed', false, /had failed the deployment before/],
  ['completed', false, /had completed deployment a-b-c/],
] as const)('cancelled at the stage %s', (stage, isOpen, message) => {
  const remote = { stage, deploymentUuid: 'a-b-c' };
  expect(isOpenRemotely(remote)).toBe(isOpen);
  const error = cancelledIn(remote, new Error('why'));
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/^The job was cancelled\. /);
  expect(error).toMatchObject({ outcome: 'cancelled', fix: expect.any(String), inShort: expect.any(String) });
});
