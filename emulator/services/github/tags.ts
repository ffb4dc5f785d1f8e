import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createNotFound } from './answers.ts';
import { findSha } from './refs.ts';
import { createNodeId } from './render-user.ts';
import type { GitHubRequest } from './request.ts';
import type { GitHubStore } from './store.ts';

/** `GET /repos/{owner}/{repo}/git/ref/{ref}`: one reference, named without `refs/`, and nothing that only begins alike. */
export function answerGetRef({ word, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const isTag = word.startsWith('tags/');
  const sha = isTag ? store.tags.get(word.slice('tags/'.length)) : findBranch(word, store);
  if (sha === undefined) return createNotFound(docs);
  return createGitHubAnswer(200, {
    ref: `refs/${word}`,
    node_id: createNodeId('REF', store.repository.id),
    url: `${urls.repository}/git/refs/${word}`,
    object: { type: 'commit', sha, url: `${urls.repository}/git/commits/${sha}` },
  });
}

function findBranch(word: string, store: GitHubStore): string | undefined {
  return word.startsWith('heads/') ? findSha(`refs/${word}`, store) : undefined;
}
