/**
 * The address of the action in what people copy: READMEs, docs, examples. `OWNER` stands for the account until the
 * repository has its home. A release with it would be text that works for nobody, and an account of that name could
 * publish what such a workflow runs; so a release is refused, and `prepare` writes the account.
 */
import { majorTag, type Version } from './version.ts';

const FOR_USERS = [
  /^(?:[\w-]+\/)?(?:README\.md|action\.yml)$/,
  /^docs\/[^/]+\.md$/,
  /^examples\/[^/]+$/,
  // Community files, the settings of the examples' linter, and the workflow that others call.
  /^\.github\/(?:CODEOWNERS|[A-Z_]+\.md|ISSUE_TEMPLATE\/[\w-]+\.yml|zizmor\.yml|workflows\/deploy-storefront\.yml)$/,
];

/** What users read, call or copy; CONTRIBUTING.md and CHANGELOG.md may speak of the placeholder. */
export function isForUsers(path: string): boolean {
  return FOR_USERS.some((pattern) => pattern.test(path));
}

/** The placeholder; `"OWNER"` is GitHub's word for an author's association. */
const PLACEHOLDER = /(?<!["\w])OWNER(?!["\w])/;
const ADDRESS = /([\w.-]+)\/catalyst-deploy-action(?:\/[\w.-]+)*@v(\d+)\b/g;
const PINNED = /(catalyst-deploy-action(?:\/[\w-]+)*@<commit SHA> # )v\d+\.\d+\.\d+(?:-[\w.-]+)?/g;

/** As READMEs say it, wherever their lines break. */
const SENTENCE =
  'Replace\\s+`OWNER`\\s+with\\s+the\\s+account\\s+that\\s+hosts\\s+(?:this\\s+repository|the\\s+action)\\.';

/**
 * What is wrong with a text's addresses, with its place.
 * @param owner the account that hosts the repository, where it is known
 */
export function addressProblems(path: string, text: string, version: Version, owner?: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const place = `${path}:${index + 1}`;
    const problems = PLACEHOLDER.test(line) ? [`${place}: OWNER is a placeholder.`] : [];
    for (const [address, account = '', major] of line.matchAll(ADDRESS)) {
      if (owner !== undefined && account !== 'OWNER' && account.toLowerCase() !== owner.toLowerCase()) {
        problems.push(`${place}: ${address} is not ${owner}'s.`);
      }
      if (`v${major}` !== majorTag(version)) problems.push(`${place}: ${address} is not ${majorTag(version)}.`);
    }
    return problems;
  });
}

/** The text with the account and the version in place of the placeholder, and without the sentences about it. */
export function withAddress(text: string, owner: string, version: Version): string {
  return text
    .replace(/(?<!["\w])OWNER\/catalyst-deploy-action/g, `${owner}/catalyst-deploy-action`)
    .replace(/(?<=\s@)OWNER\b/g, owner)
    .replace(ADDRESS, (address) => address.replace(/@v\d+$/, `@${majorTag(version)}`))
    .replace(PINNED, `$1v${version.text}`)
    .replace(new RegExp(`^${SENTENCE} ?`, 'gm'), '')
    .replace(new RegExp(`\\s${SENTENCE}`, 'g'), '')
    .replace(/,? and replace `OWNER`\./g, '.')
    .replace(/\breplace `OWNER`, and /g, 'and ')
    .replace(/\bReplace OWNER, and /g, 'Replace ')
    .replace(/[ \t]?\bReplace OWNER\.$/gm, '')
    .replace(/\bReplace OWNER\. /g, '');
}
