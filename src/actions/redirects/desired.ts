import { checkRedirects } from '../../domain/redirects/check.ts';
import { REDIRECT_COLUMNS, type RedirectRow } from '../../domain/redirects/redirect.ts';
import { RowProblems } from '../../domain/row-problems.ts';
import { FileError } from '../../errors.ts';
import type { LocalRedirectsInputs, RedirectsCommand } from '../../inputs/redirects.ts';
import { count } from '../../report/format.ts';
import { type RedirectsDependencies, warnOfRows } from './dependencies.ts';

type DesiredDependencies = Pick<RedirectsDependencies, 'disk' | 'run' | 'shownPathOf'>;

/** Annotations shared among the kinds of oddities, at least one for each while they last. */
const ODDITY_ANNOTATIONS = 4;

/**
 * Reads the rows of the file, each old path once, and checks what can be checked without the platform.
 * @param asksSite the site is read next, which decides whether loops are the file's fault
 * @throws FileError with everything that is wrong, ActionError where the file cannot be read
 */
export async function readDesiredRows(
  { file, command, siteId, asksSite = false }: LocalRedirectsInputs & { asksSite?: boolean },
  { disk, run, shownPathOf }: DesiredDependencies,
): Promise<RedirectRow[]> {
  const name = shownPathOf(file);
  return await run.phase(`Check ${name}`, async (phase) => {
    const { rows, problems, problemCount, notice, oddHeader } = await disk.readRedirects(file, siteId);
    if (notice !== undefined) phase.info(notice);
    const domain = onlyDomainOf(rows);
    if (domain !== undefined) run.emit({ type: 'site-known', domain });
    if (oddHeader !== undefined) warnOfRows(run, { title: 'Invisible character', rows: [oddHeader] });
    const check = checkRedirects(rows);
    const places = command === 'import' ? missingDomains(rows) : otherPlaces(rows, command);
    const all = [...problems, ...check.problems, ...places.sorted()].sort((one, other) => one.line - other.line);
    const isForSite = asksSite && problemCount + places.count === 0 && check.problemCount === check.loopCount;
    if (all.length > 0 && !isForSite) {
      const total = problemCount + check.problemCount + places.count;
      phase.result(count(total, 'problem'));
      throw new FileError(file, all, {
        message: `${name} has ${count(total, 'problem')}.`,
        topic: 'redirects-file-not-usable',
        title: `${name} is not usable`,
        fix: 'Correct the file and run the job again.',
        detailCount: total,
      });
    }
    const { oddities, repeated } = check;
    const maxAnnotations = Math.ceil(ODDITY_ANNOTATIONS / Math.max(1, oddities.length));
    for (const odd of oddities) warnOfRows(run, { ...odd, maxAnnotations });
    phase.result(count(rows.length, 'row'));
    return repeated.size === 0 ? rows : rows.filter((_, index) => !repeated.has(index));
  });
}

/** The domain that all rows with a domain name. */
function onlyDomainOf(rows: readonly RedirectRow[]): string | undefined {
  const domains = new Set<string>();
  for (const { domain } of rows) if (domain !== '') domains.add(domain);
  return domains.size === 1 ? [...domains][0] : undefined;
}

/** `plan` and `sync` are for one site, and so for one domain. Rows that leave either open share that of the others. */
function otherPlaces(rows: readonly RedirectRow[], command: RedirectsCommand): RowProblems {
  const problems = new RowProblems();
  const domainOf = ({ domain }: RedirectRow) => (domain === '' ? undefined : `"${domain}"`);
  const siteOf = ({ siteId }: RedirectRow) => (siteId === undefined ? undefined : `${siteId}`);
  addOthers(rows, domainOf, problems, {
    what: 'The domain',
    why: `\`${command}\` is for one site, and so for one domain`,
  });
  addOthers(rows, siteOf, problems, { what: 'site_id', why: `\`${command}\` is for one site` });
  return problems;
}

/** A problem for each value but the first. */
function addOthers(
  rows: readonly RedirectRow[],
  readValue: (row: RedirectRow) => string | undefined,
  problems: RowProblems,
  { what, why }: { what: string; why: string },
): void {
  const known = new Map<string, number>();
  for (const row of rows) {
    const value = readValue(row);
    if (value === undefined || known.has(value)) continue;
    const [first] = known;
    known.set(value, row.line);
    if (first === undefined) continue;
    problems.add(row.line, () => `${what} is ${value}, and that of line ${first[1]} is ${first[0]}: ${why}.`);
  }
}

/** An import identifies sites by their domains only. */
function missingDomains(rows: readonly RedirectRow[]): RowProblems {
  const problems = new RowProblems();
  for (const { domain, line } of rows) {
    if (domain === '')
      problems.add(line, () => `${REDIRECT_COLUMNS[0]} is empty, but it decides which site a row is for.`);
  }
  return problems;
}
