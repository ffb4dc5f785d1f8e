/** Events that start workflows, with the payloads and variables that GitHub gives them, as far as these are read here. */
import type { Emulator } from '../../emulator/emulator.ts';
import { PULL_REQUEST, pullRequestEvent } from '../demo-platform.ts';
import type { Repository } from './repository.ts';

export interface WorkflowEvent {
  name: string;
  payload: Readonly<Record<string, unknown>>;
  /** `github.ref` */
  ref: string;
  /** `github.sha` */
  sha: string;
  /** `github.actor` */
  actor: string;
  /** GitHub gives the run no secrets, and a token that only reads: it is a fork's pull request, or Dependabot's. */
  isRestricted: boolean;
  /** What GitHub says of the run that it starts, to whoever asks for the run of an artifact. */
  run: NonNullable<Parameters<Emulator['artifacts']['addRun']>[0]>;
}

const MAIN = 'refs/heads/main';

/** Creates the events of a repository on a platform. */
export class Events {
  readonly #emulator: Emulator;
  readonly #repository: Repository;

  constructor(emulator: Emulator, repository: Repository) {
    this.#emulator = emulator;
    this.#repository = repository;
  }

  /** A push; to main unless another branch is given. */
  push(branch = 'main', sha = this.#repository.main): WorkflowEvent {
    return this.#create('push', { ref: `refs/heads/${branch}`, after: sha }, { ref: `refs/heads/${branch}`, sha });
  }

  schedule(): WorkflowEvent {
    return this.#create('schedule', { schedule: '17 3 * * *' });
  }

  /** "Run workflow", on main unless another branch is given. */
  byHand(inputs: Readonly<Record<string, string>> = {}, branch = 'main'): WorkflowEvent {
    const ref = `refs/heads/${branch}`;
    return this.#create('workflow_dispatch', { inputs, ref }, { ref });
  }

  /**
   * Something that happened to pull request 7; it is opened on the platform if it is not there.
   * @param fork `owner/name`, where it comes from one
   */
  pullRequest(action: 'opened' | 'synchronize' | 'closed' = 'opened', fork?: string): WorkflowEvent {
    const { github } = this.#emulator;
    const { head, merge } = this.#repository;
    github.addPullRequest({
      number: PULL_REQUEST,
      ...{ headSha: head, mergeCommitSha: merge },
      ...(action === 'closed' ? { state: 'closed' as const } : {}),
      ...(fork === undefined ? {} : { headRepository: fork }),
    });
    const payload = pullRequestEvent(this.#emulator, action).payload as Record<string, unknown>;
    if (fork !== undefined) renameHead(payload, fork);
    const run = { headSha: head, pullRequests: fork === undefined ? [PULL_REQUEST] : [], headRepository: fork };
    const place = { ref: `refs/pull/${PULL_REQUEST}/merge`, sha: merge, isRestricted: fork !== undefined };
    return this.#create('pull_request', payload, { ...place, run });
  }

  /** Dependabot has opened pull request 7. */
  byDependabot(): WorkflowEvent {
    return { ...this.pullRequest(), actor: 'dependabot[bot]', isRestricted: true };
  }

  /** A comment on pull request 7, by somebody who may write here unless it says otherwise. */
  comment(body: string, login = 'hubot', association = 'COLLABORATOR'): WorkflowEvent {
    const { github } = this.#emulator;
    if (association !== 'NONE') github.setRole(login, 'write');
    const { id } = github.addComment({ issueNumber: PULL_REQUEST, login, body });
    return this.#create('issue_comment', {
      action: 'created',
      issue: { number: PULL_REQUEST, title: 'A change', state: 'open', pull_request: { url: `pulls/${PULL_REQUEST}` } },
      comment: { id, body, user: { login }, author_association: association },
    });
  }

  /** The end of a run for pull request 7 of a fork. */
  workflowRun(runId: number, fork: string): WorkflowEvent {
    const { github } = this.#emulator;
    const pull = github.pullRequests.find(({ number }) => number === PULL_REQUEST);
    const [owner = ''] = fork.split('/');
    return this.#create('workflow_run', {
      action: 'completed',
      workflow_run: {
        ...{ id: runId, event: 'pull_request', status: 'completed', conclusion: 'success', pull_requests: [] },
        ...{ head_branch: pull?.head.ref, head_sha: this.#repository.head },
        head_repository: { full_name: fork, owner: { login: owner } },
        repository: { full_name: github.repository },
      },
    });
  }

  #create(
    name: string,
    payload: Readonly<Record<string, unknown>>,
    { ref = MAIN, sha = this.#repository.main, isRestricted = false, run = {} }: Partial<WorkflowEvent> = {},
  ): WorkflowEvent {
    const { repository } = this.#emulator.github;
    const [owner = '', short = ''] = repository.split('/');
    const named = { full_name: repository, name: short, owner: { login: owner }, default_branch: 'main' };
    return {
      name,
      payload: { ...payload, repository: named },
      ref,
      sha,
      actor: 'mona',
      isRestricted,
      run: { event: name, headSha: sha, ...run },
    };
  }
}

function renameHead(payload: Record<string, unknown>, fork: string): void {
  const { head } = payload['pull_request'] as { head: { repo: { full_name: string } } };
  head.repo = { full_name: fork };
}
