/** Large lists of what others have made: one look at each, one question about whose they are, and messages of a bounded size. */
import { expect, test } from '@jest/globals';
import { DeploymentHistory, deactivateRemoved } from '../../src/actions/preview-cleanup/removed-deployments.ts';
import { createHistory } from '../../src/actions/rollback/history.ts';
import { offerOthers } from '../../src/actions/rollback/offer.ts';
import { nameSome } from '../../src/actions/rollback/words.ts';
import { renderMarker } from '../../src/domain/comment-marker.ts';
import type { Comment, GitHub, KnownDeployment } from '../../src/github/github.ts';
import { deactivateReplaced, readStates } from '../../src/github-status/github-deployments.ts';
import { createStickyComment } from '../../src/github-status/sticky-comment.ts';
import { createFakeRun } from '../fake-run.ts';
import { expectLinear } from '../growth.ts';

const MARKER = renderMarker({ project: 'shop', environment: 'preview' });
const clock = { toGitHubMs: (ms: number) => ms, nowMs: () => 0 };

test('comments that carry a copy of the marker', async () => {
  let asked = 0;
  const look = async (count: number) => {
    const body = `${MARKER}\n<!-- catalyst-deploy-action told-at 5 -->\n\nA copy`;
    const github = {
      listComments: async function* (): AsyncGenerator<Comment> {
        for (let id = 1; id <= count; id += 1) yield { id, url: '', body, login: 'mona' };
      },
      readViewerLogin: async () => {
        asked += 1;
        return 'github-actions[bot]';
      },
    } as unknown as GitHub;
    const comment = createStickyComment(7, MARKER);
    expect(await comment.read(github)).toMatchObject({ shownAtMs: undefined });
    expect(comment.found).toBeUndefined();
  };
  await look(10);
  expect(asked).toBe(1);
  await expectLinear(2500, look);
});

/** Deployments of another tool, the newest first. */
function repository(count: number, payload: KnownDeployment['payload']) {
  const asked = { listed: 0, states: 0 };
  const github = {
    clock,
    listDeployments: async function* (): AsyncGenerator<KnownDeployment> {
      for (let id = count; id >= 1; id -= 1) {
        asked.listed += 1;
        yield { id, sha: '', environment: 'production', createdAt: '2026-01-02T03:04:05Z', payload };
      }
    },
    listDeploymentStates: async function* () {
      asked.states += 1;
      yield { state: 'success', createdAt: '2026-01-02T03:04:05Z' };
    },
  } as unknown as GitHub;
  return { github, asked };
}

test('deployments of another tool: none is asked about, and the search ends', async () => {
  const { github, asked } = repository(5000, undefined);
  const slot = { projectUuid: 'shop', pullRequest: undefined, preview: undefined };
  const request = {
    id: 6000,
    environment: 'production',
    slot,
    completedAtMs: 0,
    isLate: false,
    notBefore: undefined,
    keepsSuccesses: false,
  };
  expect(await deactivateReplaced(github, request)).toEqual([]);
  expect(asked).toEqual({ listed: 500, states: 0 });
});

test('previews of others in a sweep: they are read once for all pull requests', async () => {
  const { github, asked } = repository(5000, undefined);
  const history = new DeploymentHistory('preview');
  for (let pullRequest = 1; pullRequest <= 50; pullRequest += 1) {
    const removed = { pullRequest, project: 'p', uuid: 'u', deletedAt: undefined, goneByMs: 0 };
    await deactivateRemoved(github, { ...removed, pullRequestCreatedAt: undefined }, { history, logUrl: undefined });
  }
  expect(asked).toEqual({ listed: 1000, states: 0 });
});

test('what is offered in place of a bundle is looked for among others as little', async () => {
  const { github, asked } = repository(5000, undefined);
  const request = { environment: 'production', kind: 'rollback', pullRequest: undefined } as const;
  const offer = await offerOthers(undefined, {
    ...{ github, history: createHistory(github), request, signal: new AbortController().signal },
    ...{ project: { uuid: 'shop', name: undefined }, run: createFakeRun(), phase: { info: () => {} } },
  });
  expect(offer).toMatch(/^No other earlier deployment of production/);
  expect(asked).toEqual({ listed: 500, states: 0 });
});

test('a deployment that something else has given ever more states is not read to its end', async () => {
  let read = 0;
  const github = {
    listDeploymentStates: async function* () {
      for (; read < 100_000; read += 1) yield { state: 'inactive', createdAt: '2026-01-02T03:04:05Z' };
    },
  } as unknown as GitHub;
  expect(await readStates(github, 1)).toHaveLength(300);
  expect(read).toBeLessThan(300);
});

test('a message names the first ten', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `${index}`);
  expect(nameSome(names)).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 4990 more');
  expect(nameSome(['a', 'b'], '; ')).toBe('a; b');
});

test('what says that it is live, though it is no success, is over with its preview', async () => {
  const statuses = [
    { state: 'error', description: 'Live, but not verified' },
    { state: 'error', description: 'It broke' },
    { state: 'failure', description: 'Live, but not' },
  ];
  const closed: number[] = [];
  const github = {
    clock: { toGitHubMs: (ms: number) => ms },
    listDeployments: async function* () {
      for (const id of statuses.keys()) {
        yield { id, createdAt: '2026-01-01T00:00:00Z', payload: { projectUuid: 'u', pullRequest: 7 } };
      }
    },
    listDeploymentStates: async function* (id: number) {
      yield { createdAt: '2026-01-01T00:00:00Z', ...statuses[id] };
    },
    createDeploymentStatus: async (id: number) => void closed.push(id),
  } as unknown as GitHub;
  const removed = {
    pullRequest: 7,
    project: 'p',
    uuid: 'u',
    deletedAt: undefined,
    goneByMs: 0,
    pullRequestCreatedAt: '',
  };
  const history = new DeploymentHistory('preview');
  expect(await deactivateRemoved(github, removed, { history, logUrl: undefined })).toBe(1);
  expect(closed).toEqual([0]);
});
