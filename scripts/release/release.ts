/**
 * Releases the action: `npm run release -- <command>`; CONTRIBUTING.md has the steps. The workflow "Release" runs
 * `verify` without rights, then `assets` and `publish` with them. These two import nothing but Node, and no package is
 * installed where they run.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dryRun } from './dry-run.ts';
import { commitOf, git } from './git.ts';
import { createGitHubReleases } from './github-releases.ts';
import { ownerOf, prepare } from './prepare.ts';
import { publish } from './publish.ts';
import { releaseProblems, writeAssets } from './verify.ts';
import { parseTag, parseVersion, type Version } from './version.ts';

const USAGE = `npm run release -- <command>

  --dry-run [VERSION]   plays a release of HEAD on a copy, and prints what would be done; sends nothing
  prepare VERSION       writes the version, the changelog's heading and the addresses into the files
  verify                checks the tag that is checked out; builds dist/ again and compares
  assets                writes the archive and the SBOM into a folder
  publish               publishes the release with these files, and moves the major tag forwards

  --tag TAG             for verify, assets, publish; on GitHub the tag of the run
  --owner ACCOUNT       the account that hosts the repository; on GitHub, or with a remote there, it is known
  --assets FOLDER       for assets and publish (release-assets)`;

/** Of the command line: the usage is printed with it. */
class UsageError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

interface Arguments {
  command: string;
  version: Version | undefined;
  tag: string | undefined;
  owner: string | undefined;
  assets: string;
}

function parseArguments(args: readonly string[], env: Environment): Arguments {
  const { values, positionals } = readTexts(args);
  const [command = '', text, ...others] = values['dry-run'] ? ['dry-run', ...positionals] : positionals;
  if (!['dry-run', 'prepare', 'verify', 'assets', 'publish'].includes(command)) {
    throw new UsageError(command === '' ? 'Which command?' : `There is no command "${command}".`);
  }
  const takesVersion = command === 'dry-run' || command === 'prepare';
  if (others.length > 0 || (text !== undefined && !takesVersion)) {
    throw new UsageError(`${command} does not take "${(takesVersion ? others : [text, ...others]).join(' ')}".`);
  }
  const version = text === undefined ? undefined : parseVersion(text.replace(/^v/, ''));
  if (version === undefined && (text !== undefined || command === 'prepare')) {
    throw new UsageError(`"${text ?? ''}" is no version, such as 1.2.3 or 1.2.3-rc.1.`);
  }
  const tag = values.tag ?? (env['GITHUB_REF_TYPE'] === 'tag' ? env['GITHUB_REF_NAME'] : undefined);
  return { command, version, tag, owner: values.owner, assets: values.assets };
}

function readTexts(args: readonly string[]) {
  const options = {
    'dry-run': { type: 'boolean', default: false },
    tag: { type: 'string' },
    owner: { type: 'string' },
    assets: { type: 'string', default: 'release-assets' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The account by the option, the run, or the remote. */
function findOwner(root: string, given: string | undefined, env: Environment): string | undefined {
  if (given !== undefined || env['GITHUB_REPOSITORY_OWNER']) return given ?? env['GITHUB_REPOSITORY_OWNER'];
  try {
    return ownerOf(git(root, ['remote', 'get-url', 'origin']));
  } catch {
    return undefined;
  }
}

function requireTag({ tag }: Arguments): { tag: string; version: Version } {
  const version = tag === undefined ? undefined : parseTag(tag);
  if (tag === undefined || version === undefined) throw new UsageError(`Which tag? ${tag ?? 'None'} is given.`);
  return { tag, version };
}

function runPrepare(root: string, { version, ...given }: Arguments, env: Environment): string[] {
  const owner = findOwner(root, given.owner, env);
  if (owner === undefined) throw new UsageError('Which account hosts the repository? Give --owner.');
  if (version === undefined) throw new UsageError('Which version?');
  const changed = prepare({ root, version, owner, date: today() });
  console.log(changed.length === 0 ? 'Everything is prepared already.' : `Changed: ${changed.join(', ')}`);
  console.log(
    `Next: npm run build, commit, merge into main. Then tag the commit of main that has the version (of a backport: its own):
git switch main && git pull && git tag v${version.text} && git push origin v${version.text}`,
  );
  return [];
}

async function runDryRun(root: string, { version, ...given }: Arguments, env: Environment): Promise<string[]> {
  const owner = findOwner(root, given.owner, env) ?? 'example';
  return await dryRun({ root, version, owner, date: today(), log: console.log });
}

function runVerify(root: string, given: Arguments, env: Environment): string[] {
  const owner = findOwner(root, given.owner, env);
  const problems = releaseProblems({ root, tag: given.tag ?? '', owner, dist: 'rebuild' });
  if (problems.length === 0) console.log(`${given.tag} may be released.`);
  return problems;
}

function runAssets(root: string, given: Arguments, env: Environment): string[] {
  const { tag, version } = requireTag(given);
  // They are attested as files of the run's commit.
  const { GITHUB_SHA: sha } = env;
  const commit = commitOf(root, `refs/tags/${tag}`);
  if (commit === undefined) throw new Error(`There is no tag ${tag} here.`);
  if (sha && commitOf(root, sha) !== commit) throw new Error(`${tag} is at ${commit}, and this run is of ${sha}.`);
  const paths = writeAssets(root, commit, version, join(root, given.assets));
  console.log(Object.values(paths).join('\n'));
  return [];
}

async function runPublish(root: string, given: Arguments, env: Environment): Promise<string[]> {
  const { tag } = requireTag(given);
  const [token, repository, sha] = ['GITHUB_TOKEN', 'GITHUB_REPOSITORY', 'GITHUB_SHA'].map((name) => env[name]);
  if (!token || !repository || !sha) {
    throw new UsageError(
      'publish is for the workflow "Release": it needs GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_SHA.',
    );
  }
  const commit = commitOf(root, sha);
  if (commit === undefined) throw new Error(`GITHUB_SHA is ${sha}, which is no commit here.`);
  const apiUrl = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  await publish({
    ...{ root, remote: 'origin', tag, commit, assets: join(root, given.assets) },
    releases: createGitHubReleases({ apiUrl, repository, token }),
    env: gitAccess(env['GITHUB_SERVER_URL'] ?? 'https://github.com', token),
    log: (line) => console.log(line),
    warn: (line) => console.log(annotation('warning', line, env)),
  });
  return [];
}

/** The token for git, by its environment: in arguments every process of the machine could read it. */
function gitAccess(serverUrl: string, token: string): Record<string, string> {
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${credentials}`,
  };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** For GitHub, as the runner's command; elsewhere the text. */
function annotation(kind: 'error' | 'warning', text: string, env: Environment): string {
  if (env['GITHUB_ACTIONS'] !== 'true') return `${kind}: ${text}`;
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${kind} title=Release::${escaped}`;
}

/** @returns why it did not succeed, a line each */
async function runCommand(root: string, args: readonly string[], env: Environment): Promise<string[]> {
  const given = parseArguments(args, env);
  if (given.command === 'prepare') return runPrepare(root, given, env);
  if (given.command === 'dry-run') return await runDryRun(root, given, env);
  if (given.command === 'verify') return runVerify(root, given, env);
  if (given.command === 'assets') return runAssets(root, given, env);
  return await runPublish(root, given, env);
}

/** @returns the exit code */
export async function run(root: string, args: readonly string[], env: Environment): Promise<number> {
  try {
    const problems = await runCommand(root, args, env);
    for (const problem of problems) console.error(annotation('error', problem, env));
    return problems.length > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
    else console.error(annotation('error', error instanceof Error ? error.message : String(error), env));
    return 1;
  }
}

if (import.meta.main)
  process.exitCode = await run(join(import.meta.dirname, '..', '..'), process.argv.slice(2), process.env);
