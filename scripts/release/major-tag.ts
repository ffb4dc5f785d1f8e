/** The tag `vN`, which workflows name and which follows the releases of a major version: only forwards. */
import { git, type RemoteTag, remoteTags } from './git.ts';
import { compareVersions, highestVersion, isPreRelease, majorTag, parseTag, type Version } from './version.ts';

const MAX_ATTEMPTS = 3;

export type MajorTagDecision =
  | {
      move: true;
      /** The object that the tag has to name still; empty where there must be no tag. */
      expected: string;
      why: string;
    }
  | { move: false; why: string };

/**
 * Whether `vN` goes to a release.
 * @param tags all that the remote has
 * @throws Error where `vN` names no release, since nobody can say then what is forwards
 */
export function decideMajorTag(tags: readonly RemoteTag[], version: Version, commit: string): MajorTagDecision {
  const name = majorTag(version);
  if (isPreRelease(version)) return { move: false, why: `${name} stays: v${version.text} is a pre-release` };
  const current = tags.find((tag) => tag.name === name);
  if (current?.commit === commit) return { move: false, why: `${name} is at v${version.text} already` };
  // Without the tag, a release that exists must not be passed by: its own run, or a person, sets the tag.
  const others = current === undefined ? tags : tags.filter((tag) => tag.commit === current.commit);
  const versions = others.flatMap((tag) => parseTag(tag.name) ?? []).filter((other) => majorTag(other) === name);
  const highest = highestVersion(current === undefined ? versions.filter((other) => !isPreRelease(other)) : versions);
  if (current !== undefined && highest === undefined) {
    const byHand = pushCommand(name, current.object, commit);
    throw new Error(`${name} is at ${current.commit}, which is no release. See who moved it, then: ${byHand}`);
  }
  if (highest !== undefined && compareVersions(version, highest) < 0) {
    return { move: false, why: `${name} stays: v${highest.text} is newer than v${version.text}` };
  }
  const from = current === undefined ? 'it is new' : `from v${highest?.text}`;
  return { move: true, expected: current?.object ?? '', why: `${name} goes to v${version.text} (${from})` };
}

/**
 * Moves `vN`, if it has to go. The push names the object that was there when it was decided, so that a tag which
 * somebody moves meanwhile is looked at again: GitHub's API would overwrite it.
 * @param env for git, with what the remote asks for
 * @returns what was done, for the log
 */
export function moveMajorTag(
  { root, remote, env }: { root: string; remote: string; env?: Readonly<Record<string, string>> },
  version: Version,
  commit: string,
): string {
  const name = majorTag(version);
  for (let attempt = 1; ; attempt += 1) {
    const decision = decideMajorTag(remoteTags(root, remote, env), version, commit);
    if (!decision.move) return decision.why;
    const lease = `--force-with-lease=refs/tags/${name}:${decision.expected}`;
    try {
      git(root, ['push', '--quiet', '--no-verify', lease, remote, `${commit}:refs/tags/${name}`], env);
      return decision.why;
    } catch (error) {
      const now = remoteTags(root, remote, env).find((tag) => tag.name === name);
      if ((now?.object ?? '') === decision.expected)
        throw new Error(refused(name, decision.expected, commit, error), { cause: error });
      if (attempt === MAX_ATTEMPTS) throw new Error(`${name} was moved ${attempt} times meanwhile. Run this again.`);
    }
  }
}

/** GitHub lets a run move no tag to a commit whose workflows are those of no branch's tip, whatever its token may. */
function refused(name: string, expected: string, commit: string, error: unknown): string {
  return (
    `The release is published, but ${name} was not moved. A ruleset may forbid it, or no branch has the same ` +
    `.github/workflows at its tip. Do it by hand: ${pushCommand(name, expected, commit)}\n` +
    `${error instanceof Error ? error.message : error}`
  );
}

function pushCommand(name: string, expected: string, commit: string): string {
  return `git push --force-with-lease=refs/tags/${name}:${expected} origin ${commit}:refs/tags/${name}`;
}
