import { createHash } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createNodeId, createNotFound } from './answers.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import type { GitHubStore } from './store.ts';

export const REF_ENDPOINTS = [
  {
    call: 'github.getRef',
    method: 'GET',
    path: `${REPOSITORY}/git/ref/:name(.+)`,
    needs: ['contents'],
    docs: '/git/refs#get-a-reference',
    answer: getRef,
  },
] as const satisfies readonly GitHubEndpoint[];

/** One reference, named without `refs/`, and nothing that only begins alike. */
function getRef({ name: ref, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const isTag = ref.startsWith('tags/');
  const sha = isTag ? store.tags.get(ref.slice('tags/'.length)) : findBranch(ref, store);
  if (sha === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, {
    ref: `refs/${ref}`,
    node_id: createNodeId('REF', store.repository.id),
    url: `${urls.repository}/git/refs/${ref}`,
    object: { type: 'commit', sha, url: `${urls.repository}/git/commits/${sha}` },
  });
}

function findBranch(ref: string, store: GitHubStore): string | undefined {
  return ref.startsWith('heads/') ? findSha(`refs/${ref}`, store) : undefined;
}

const FULL_SHA = /^[0-9a-f]{40}$/i;

/**
 * The commit of a ref; undefined for one that does not exist. Any full hash is a commit here: the emulator has no
 * repository to look it up in.
 */
export function findSha(ref: string, { pullRequests, repository }: GitHubStore): string | undefined {
  if (FULL_SHA.test(ref)) return ref.toLowerCase();
  const name = ref.replace(/^refs\//, '').replace(/^heads\//, '');
  const pull = /^pull\/(\d+)\/(head|merge)$/.exec(name);
  if (pull !== null) {
    const pullRequest = pullRequests.find(({ number }) => number === Number(pull[1]));
    return pull[2] === 'head' ? pullRequest?.head.sha : (pullRequest?.mergeCommitSha ?? undefined);
  }
  const ofPullRequest = pullRequests.find(({ head }) => head.ref === name && head.repository === repository.fullName);
  if (ofPullRequest !== undefined) return ofPullRequest.head.sha;
  return name === repository.defaultBranch ? createSha(`branch ${name}`) : undefined;
}

/** A commit hash that is always the same for the same words. */
export function createSha(words: string): string {
  return createHash('sha1').update(words).digest('hex');
}
