/** A repository on the embedded GitHub: the one that it has, or the fork that a pull request comes from. */
export interface GitHubRepository {
  id: number;
  owner: string;
  name: string;
  /** `owner/name`. */
  fullName: string;
  isPrivate: boolean;
  isFork: boolean;
  defaultBranch: string;
}

const FULL_NAME = /^[^/\s]+\/[^/\s]+$/;

/** Throws for a name that is not `owner/name`. */
export function createRepository(fullName: string, rest: Omit<GitHubRepository, 'owner' | 'name' | 'fullName'>) {
  if (!FULL_NAME.test(fullName)) throw new Error(`A repository is named 'owner/name'; this one is '${fullName}'.`);
  const [owner = '', name = ''] = fullName.split('/');
  const repository: GitHubRepository = { owner, name, fullName, ...rest };
  return repository;
}

/** The repository that a head is in: this one, or a fork of it with an id of its own. */
export function headRepositoryOf(
  { headRepository = '' }: { headRepository?: string | undefined },
  repository: GitHubRepository,
): GitHubRepository {
  if (headRepository === '' || headRepository === repository.fullName) return repository;
  const { id, isPrivate, defaultBranch } = repository;
  return createRepository(headRepository, { id: id + 1, isPrivate, isFork: true, defaultBranch });
}
