/** What the runner's event says of the commit: `GITHUB_SHA` of a pull request is its merge commit, which nobody wrote. */

export interface Commit {
  sha: string;
  url: string;
  /** `#12`, or the name of a branch or tag. */
  origin?: string;
}

/**
 * The commit that this run is about: a pull request's head, else `GITHUB_SHA`. Undefined outside of a runner, or when
 * the event cannot be read on a pull request: no commit is better than a wrong one.
 */
export async function readCommit(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Commit | undefined> {
  const repository = env['GITHUB_REPOSITORY'];
  if (repository === undefined || repository === '') return undefined;
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const urlOf = (sha: string) => `${server}/${repository}/commit/${sha}`;
  if (/^pull_request/.test(env['GITHUB_EVENT_NAME'] ?? '')) return await pullRequestHead(urlOf);
  const sha = env['GITHUB_SHA'];
  const origin = env['GITHUB_REF_NAME'];
  if (sha === undefined || sha === '') return undefined;
  return { sha, url: urlOf(sha), ...(origin === undefined || origin === '' ? {} : { origin }) };
}

async function pullRequestHead(urlOf: (sha: string) => string): Promise<Commit | undefined> {
  try {
    // Reads GITHUB_EVENT_PATH while it is imported, and throws there when that is no JSON.
    const { context } = await import(/* webpackMode: "eager" */ '@actions/github');
    const pullRequest = context.payload.pull_request;
    const sha: unknown = pullRequest?.['head']?.sha;
    return typeof sha === 'string' && sha !== ''
      ? { sha, url: urlOf(sha), origin: `#${pullRequest?.number}` }
      : undefined;
  } catch {
    return undefined;
  }
}
