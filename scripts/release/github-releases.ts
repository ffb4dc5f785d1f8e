/**
 * Releases of a repository: https://docs.github.com/rest/releases, version 2022-11-28. Without packages, since the job
 * that may write runs none.
 */
const TIMEOUT_MS = 60_000;
const PER_PAGE = 100;

export interface Asset {
  id: number;
  name: string;
  /** `uploaded`; `starter` is what an upload that broke off leaves. */
  state: string;
  /** `sha256:…`; null on servers that do not compute one. */
  digest?: string | null;
}

export interface Release {
  id: number;
  tag_name: string;
  target_commitish: string;
  draft: boolean;
  prerelease: boolean;
  upload_url: string;
  html_url: string;
  assets: Asset[];
}

export interface ReleaseFields {
  tag_name: string;
  /** Where GitHub makes the tag if it is gone when the release is published; by default main's tip. */
  target_commitish?: string;
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  make_latest: 'true' | 'false';
}

export interface GitHubReleases {
  /** All, drafts included. */
  list(): Promise<Release[]>;
  create(fields: ReleaseFields): Promise<Release>;
  update(id: number, fields: Partial<ReleaseFields>): Promise<Release>;
  removeAsset(id: number): Promise<void>;
  uploadAsset(release: Release, name: string, content: Uint8Array): Promise<Asset>;
}

/** An answer that is no success. */
export class GitHubRefusal extends Error {
  readonly status: number;

  constructor(what: string, status: number, text: string) {
    super(`GitHub refused to ${what} (HTTP ${status}): ${text.slice(0, 500)}`);
    this.status = status;
  }
}

export interface GitHubAccess {
  /** `https://api.github.com` */
  apiUrl: string;
  /** `owner/name` */
  repository: string;
  token: string;
}

/** A client; its methods throw a GitHubRefusal with the status and GitHub's own words. */
export function createGitHubReleases({ apiUrl, repository, token }: GitHubAccess): GitHubReleases {
  const releases = `${apiUrl}/repos/${repository}/releases`;

  async function call<T>(what: string, url: string, method: string, body?: object | Uint8Array): Promise<T> {
    const isFile = body instanceof Uint8Array;
    const response = await fetch(url, {
      method,
      headers: {
        Accept: 'application/vnd.github+json',
        Authorization: `Bearer ${token}`,
        'User-Agent': 'catalyst-deploy-action-release',
        'X-GitHub-Api-Version': '2022-11-28',
        ...(body !== undefined && { 'Content-Type': isFile ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body !== undefined && { body: isFile ? Buffer.from(body) : JSON.stringify(body) }),
      // A redirect would take the token along, and GitHub sends none here.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new GitHubRefusal(what, response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    async list() {
      const all: Release[] = [];
      for (let page = 1; ; page += 1) {
        const found = await call<Release[]>('list releases', `${releases}?per_page=${PER_PAGE}&page=${page}`, 'GET');
        all.push(...found);
        if (found.length < PER_PAGE) return all;
      }
    },
    create: (fields) => call('create a draft', releases, 'POST', fields),
    update: (id, fields) => call('change the release', `${releases}/${id}`, 'PATCH', fields),
    removeAsset: (id) => call('delete a file of the draft', `${releases}/assets/${id}`, 'DELETE'),
    uploadAsset: (release, name, content) => {
      const url = `${release.upload_url.replace(/\{.*$/, '')}?name=${encodeURIComponent(name)}`;
      return call(`take the file ${name}`, url, 'POST', content);
    },
  };
}
