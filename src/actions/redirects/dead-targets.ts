import { hostOf, siteDomainOf } from '../../domain/redirects/address.ts';
import { isDead, type KnownRedirect, pathText, type RedirectRow, targetText } from '../../domain/redirects/redirect.ts';
import { FileError } from '../../errors.ts';
import { count, formatCount } from '../../report/format.ts';
import { type Connected, type RedirectsDependencies, type RedirectsRun, warnOfRows } from './dependencies.ts';

/**
 * Rows whose target has the id 0. Real stores have such redirects and export them (API document, section 2), so a file
 * may contain one that the site already has; a new one cannot be created.
 */

const TITLE = 'Target with the id 0';
const LEADS_NOWHERE = 'Its target seems to have been deleted, so it leads nowhere.';

type Reporting = Pick<RedirectsDependencies, 'run' | 'shownPathOf'>;

/** For a run without access to the platform. */
export function warnOfDeadTargets(rows: readonly RedirectRow[], { run }: Pick<Reporting, 'run'>): void {
  const meaning = `${LEADS_NOWHERE} This run cannot check whether the site already has it; if not, it is an error.`;
  warn(rows.filter(isDeadRow), meaning, run);
}

/** @throws FileError where the site lacks one of them */
export function checkDeadTargets(
  rows: readonly RedirectRow[],
  current: readonly KnownRedirect[],
  file: string,
  dependencies: Reporting,
): void {
  const dead = rows.filter(isDeadRow);
  if (dead.length === 0) return;
  const there = indexDead(current);
  settle(dead, (row) => there.has(keyOf(row)), file, dependencies);
}

/**
 * The rows of an import that are to be sent: without dead targets that the store already has, since sending them
 * changes nothing, and the platform may reject an id of 0. The store is read only where there are any.
 * @throws FileError where the store lacks one of them
 */
export async function withoutDeadTargets(
  rows: readonly RedirectRow[],
  file: string,
  { client }: Connected,
  dependencies: Reporting,
): Promise<readonly RedirectRow[]> {
  const dead = rows.filter(isDeadRow);
  if (dead.length === 0) return rows;
  const { run } = dependencies;
  const current = await run.phase("Read the store's redirects", async (phase) => {
    const onProgress = (read: number, total: number) =>
      phase.status(`${formatCount(read)} of ${formatCount(total)} read`);
    const found = await client.listRedirects(undefined, onProgress);
    phase.result(count(found.length, 'redirect'));
    return found;
  });
  const sites = Map.groupBy(current, ({ siteId }) => siteId);
  const known = [...sites.values()].map((site) => ({ domains: siteDomainOf(site), there: indexDead(site) }));
  const isThere = (row: RedirectRow) =>
    known.some(({ domains, there }) => there.has(keyOf(row)) && (domains?.has(hostOf(row.domain)) ?? true));
  settle(dead, isThere, file, dependencies);
  return rows.filter((row) => !isDeadRow(row));
}

function settle(
  dead: readonly RedirectRow[],
  isThere: (row: RedirectRow) => boolean,
  file: string,
  { run, shownPathOf }: Reporting,
): void {
  const missing = dead.filter((row) => !isThere(row));
  if (missing.length > 0) {
    const problems = missing.map((row) => ({
      line: row.line,
      message: `${pathText(row)} leads to ${targetText(row.target)}, and the site has no such redirect: nothing has the id 0.`,
    }));
    throw new FileError(file, problems, {
      message: `${shownPathOf(file)} has ${count(missing.length, 'redirect')} with the target id 0 that the site does not have.`,
      topic: 'redirects-file-not-usable',
      title: TITLE,
      fix: 'Give the intended target, or remove the row.',
    });
  }
  warn(dead, `${LEADS_NOWHERE} The site already has it, so nothing changes. Remove the row when you can.`, run);
}

function warn(dead: readonly RedirectRow[], meaning: string, run: RedirectsRun): void {
  const rows = dead.map((row) => ({
    line: row.line,
    message: `${pathText(row)} leads to ${targetText(row.target)}.`,
  }));
  warnOfRows(run, { title: TITLE, rows, meaning, maxAnnotations: 1 });
}

const isDeadRow = ({ target }: RedirectRow) => isDead(target);

function indexDead(redirects: readonly KnownRedirect[]): ReadonlySet<string> {
  return new Set(redirects.filter(({ target }) => isDead(target)).map(keyOf));
}

function keyOf({ fromPath, target }: Pick<KnownRedirect, 'fromPath' | 'target'>): string {
  return `${targetText(target)} ${fromPath}`;
}
