import type { BodyAnswer } from '../../answers.ts';
import { createGitHubAnswer, createGitHubError, createNodeId, createNotFound, renderTime } from './answers.ts';
import { BodyFields } from './body-fields.ts';
import type { GitHubEndpoint, GitHubRequest } from './endpoint.ts';
import { REPOSITORY } from './endpoint.ts';
import { paginate } from './paging.ts';
import { renderPullRequestLink } from './pull-requests.ts';
import type { CheckRunStatus, GitHubCheckRun } from './records.ts';
import type { GitHubStore } from './store.ts';
import type { Urls } from './urls.ts';
import { renderApp } from './users.ts';

export const CHECK_RUN_ENDPOINTS = [
  {
    call: 'github.createCheckRun',
    method: 'POST',
    path: `${REPOSITORY}/check-runs`,
    needs: ['checks'],
    docs: '/checks/runs#create-a-check-run',
    answer: createCheckRun,
  },
  {
    call: 'github.updateCheckRun',
    method: 'PATCH',
    path: `${REPOSITORY}/check-runs/:id(\\d+)`,
    needs: ['checks'],
    docs: '/checks/runs#update-a-check-run',
    answer: updateCheckRun,
  },
  {
    call: 'github.getCheckRun',
    method: 'GET',
    path: `${REPOSITORY}/check-runs/:id(\\d+)`,
    needs: ['checks'],
    docs: '/checks/runs#get-a-check-run',
    answer: getCheckRun,
  },
  {
    call: 'github.listCheckRuns',
    method: 'GET',
    path: `${REPOSITORY}/commits/:name/check-runs`,
    needs: ['checks'],
    docs: '/checks/runs#list-check-runs-for-a-git-reference',
    answer: listCheckRuns,
  },
] as const satisfies readonly GitHubEndpoint[];

const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;
const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
] as const;
const LEVELS = ['notice', 'warning', 'failure'] as const;

const MAX_TEXT_LENGTH = 65_535;
const MAX_ANNOTATIONS = 50;
const MAX_ACTIONS = 3;

type Changes = Partial<Omit<GitHubCheckRun, 'id' | 'headSha' | 'output'>> & {
  output?: GitHubCheckRun['output'];
};

function createCheckRun(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { body, docs, urls, token } = request;
  if (token?.kind === 'personal') {
    return createGitHubError(403, 'You must authenticate via a GitHub App.', docs);
  }
  const fields = new BodyFields(body);
  const name = fields.requiredText('name');
  const headSha = fields.requiredText('head_sha');
  const changes = readChanges(fields, { isNew: true });
  const error = fields.createError(docs) ?? checkConclusion(changes, docs);
  if (error !== undefined) return error;
  if (!/^[0-9a-f]{40}$/i.test(headSha)) return createGitHubError(422, `No commit found for SHA: ${headSha}`, docs);
  const checkRun: GitHubCheckRun = {
    id: store.createId(),
    name,
    headSha,
    status: 'queued',
    conclusion: null,
    detailsUrl: null,
    externalId: '',
    startedAt: renderNow(store),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
  };
  applyChanges(checkRun, changes, store);
  store.checkRuns.push(checkRun);
  return createGitHubAnswer(201, renderCheckRun(checkRun, store, urls));
}

function getCheckRun({ id, docs, urls }: GitHubRequest, store: GitHubStore): BodyAnswer {
  const checkRun = store.checkRuns.find((one) => one.id === id);
  return checkRun === undefined ? createNotFound(docs) : createGitHubAnswer(200, renderCheckRun(checkRun, store, urls));
}

/** The newest first, and of each name the latest alone unless asked. */
function listCheckRuns(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { name: ref, url, urls } = request;
  const query = url.searchParams;
  const [name, status] = [query.get('check_name'), query.get('status')];
  const ofCommit = store.checkRuns.filter(({ headSha }) => headSha === ref).toReversed();
  const matching = ofCommit.filter(
    (one, index) =>
      (query.get('filter') === 'all' || ofCommit.findIndex((other) => other.name === one.name) === index) &&
      (name === null || one.name === name) &&
      (status === null || one.status === status),
  );
  const { items, headers } = paginate(matching, request);
  const check_runs = items.map((one) => renderCheckRun(one, store, urls));
  return createGitHubAnswer(200, { total_count: matching.length, check_runs }, headers);
}

/** Annotations are added to those that there are. */
function updateCheckRun(request: GitHubRequest, store: GitHubStore): BodyAnswer {
  const { id, body, docs, urls } = request;
  const checkRun = store.checkRuns.find((one) => one.id === id);
  if (checkRun === undefined) return createNotFound(docs);
  const fields = new BodyFields(body);
  const changes = readChanges(fields, { isNew: false });
  const error = fields.createError(docs) ?? checkConclusion(changes, docs);
  if (error !== undefined) return error;
  applyChanges(checkRun, changes, store);
  return createGitHubAnswer(200, renderCheckRun(checkRun, store, urls));
}

function readChanges(fields: BodyFields, { isNew }: { isNew: boolean }): Changes {
  const found = {
    name: isNew ? undefined : fields.text('name'),
    status: fields.oneOf<CheckRunStatus>('status', STATUSES),
    conclusion: fields.oneOf('conclusion', CONCLUSIONS),
    detailsUrl: fields.text('details_url'),
    externalId: fields.text('external_id'),
    startedAt: fields.text('started_at'),
    completedAt: fields.text('completed_at'),
    output: readOutput(fields.object('output'), { isNew }),
  };
  fields.list('actions', { maxItems: MAX_ACTIONS });
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function readOutput(fields: BodyFields | undefined, { isNew }: { isNew: boolean }) {
  if (fields === undefined) return undefined;
  const title = isNew ? fields.requiredText('title') : fields.text('title');
  const summary = fields.requiredText('summary');
  const text = fields.text('text');
  fields.limit(summary, MAX_TEXT_LENGTH);
  fields.limit(text, MAX_TEXT_LENGTH);
  const annotations = fields.list('annotations', { maxItems: MAX_ANNOTATIONS }) ?? [];
  annotations.forEach((annotation, index) => {
    const one = fields.item('annotations', index, annotation);
    one.requiredText('path');
    one.requiredText('message');
    one.requiredOneOf('annotation_level', LEVELS);
    one.requiredInteger('start_line');
    one.requiredInteger('end_line');
  });
  return { title: title ?? null, summary, text: text ?? null, annotations };
}

/** `completed` needs a conclusion; `stale` is GitHub's own to set. */
function checkConclusion({ status, conclusion, completedAt }: Changes, docs: string): BodyAnswer | undefined {
  const isMissing = (status === 'completed' || completedAt !== undefined) && conclusion === undefined;
  if (!isMissing && conclusion !== 'stale') return undefined;
  const problem = isMissing ? '"conclusion" wasn\'t supplied.' : 'Only GitHub can set the conclusion "stale".';
  return createGitHubError(422, `Invalid request.\n\n${problem}`, docs);
}

function applyChanges(checkRun: GitHubCheckRun, changes: Changes, store: GitHubStore): void {
  const annotations = [...checkRun.output.annotations, ...(changes.output?.annotations ?? [])];
  Object.assign(checkRun, changes);
  checkRun.output = { ...checkRun.output, annotations };
  if (changes.conclusion !== undefined) {
    checkRun.status = 'completed';
    checkRun.completedAt ??= renderNow(store);
  } else if (changes.status !== undefined && changes.status !== 'completed') {
    checkRun.conclusion = null;
    checkRun.completedAt = null;
  }
}

function renderNow(store: GitHubStore): string {
  return renderTime(store.nowMs());
}

/** GitHub's OpenAPI description, `check-run`. */
function renderCheckRun(checkRun: GitHubCheckRun, store: GitHubStore, urls: Urls) {
  const url = `${urls.repository}/check-runs/${checkRun.id}`;
  const page = `${urls.page}/runs/${checkRun.id}`;
  const { title, summary, text, annotations } = checkRun.output;
  const { fullName } = store.repository;
  return {
    id: checkRun.id,
    name: checkRun.name,
    node_id: createNodeId('CR', checkRun.id),
    head_sha: checkRun.headSha,
    external_id: checkRun.externalId,
    url,
    html_url: page,
    details_url: checkRun.detailsUrl ?? page,
    status: checkRun.status,
    conclusion: checkRun.conclusion,
    started_at: checkRun.startedAt,
    completed_at: checkRun.completedAt,
    output: { title, summary, text, annotations_count: annotations.length, annotations_url: `${url}/annotations` },
    // GitHub puts runs of one app on one commit into one suite.
    check_suite: { id: checkRun.id - 1 },
    app: renderApp(store.users.find('github-actions[bot]'), urls),
    // GitHub leaves out those from forks.
    pull_requests: store.pullRequests
      .filter(({ head, state }) => state === 'open' && head.sha === checkRun.headSha && head.repository === fullName)
      .map((pullRequest) => renderPullRequestLink(pullRequest, store, urls)),
  };
}
