/** CHANGELOG.md, in the format of Keep a Changelog 1.1.0. */

const HEADING = /^## \[([^\]]+)\](?: - (\S+))?[ \t]*$/gm;
const UNRELEASED = 'Unreleased';

export interface ChangelogEntry {
  /** `2026-01-31`; undefined for `## [Unreleased]`. */
  date: string | undefined;
  /** What stands below the heading. */
  text: string;
}

/** The entry of a version; undefined where there is none. */
export function changelogEntry(changelog: string, version: string): ChangelogEntry | undefined {
  const headings = [...changelog.matchAll(HEADING)];
  const index = headings.findIndex(([, name]) => name === version);
  const heading = headings[index];
  if (heading === undefined) return undefined;
  const text = changelog.slice(heading.index + heading[0].length, headings[index + 1]?.index).trim();
  return { date: heading[2], text };
}

/** What stands below `## [Unreleased]`; '' for nothing. */
export function unreleasedText(changelog: string): string {
  return changelogEntry(changelog, UNRELEASED)?.text ?? '';
}

/** What keeps a version from being released with this changelog, a line each. */
export function changelogProblems(changelog: string, version: string): string[] {
  const entry = changelogEntry(changelog, version);
  const heading = `## [${version}] - `;
  if (entry === undefined) return [`CHANGELOG.md: there is no "${heading}<date>". Move what is unreleased below one.`];
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(entry.date ?? '') && !Number.isNaN(Date.parse(entry.date ?? ''));
  return [
    ...(isDate ? [] : [`CHANGELOG.md: "${heading}" is followed by no date such as 2026-01-31.`]),
    ...(entry.text === '' ? [`CHANGELOG.md: nothing stands below "${heading}<date>". Say what changed.`] : []),
  ];
}

/**
 * The changelog with all that is unreleased below a new version.
 * @param date `2026-01-31`
 * @throws Error where nothing is unreleased, or the version has its entry already
 */
export function withRelease(changelog: string, version: string, date: string): string {
  if (changelogEntry(changelog, version) !== undefined) throw new Error(`CHANGELOG.md has ${version} already.`);
  if (unreleasedText(changelog) === '')
    throw new Error('CHANGELOG.md: nothing stands below "## [Unreleased]". Say what changed.');
  return changelog.replace(/^## \[Unreleased\][ \t]*$/m, `## [${UNRELEASED}]\n\n## [${version}] - ${date}`);
}
