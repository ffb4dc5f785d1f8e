import { checkRedirects } from '../../domain/redirects/check.ts';
import type { RedirectRow } from '../../domain/redirects/redirect.ts';
import type { RowProblem } from '../../domain/row-problems.ts';
import { FileError } from '../../errors.ts';
import type { LocalRedirectsInputs, RedirectsCommand } from '../../inputs/redirects.ts';
import { count } from '../../report/format.ts';
import type { RedirectsDependencies } from './dependencies.ts';

type WishedDependencies = Pick<RedirectsDependencies, 'disk' | 'reporter' | 'shownPathOf'>;

/**
 * The rows of the file, checked as far as that goes without the platform.
 * @throws FileError with all that is wrong, ActionError where the file can't be read
 */
export async function readWishedRows(
  { file, command, siteId }: LocalRedirectsInputs,
  { disk, reporter, shownPathOf }: WishedDependencies,
): Promise<RedirectRow[]> {
  const name = shownPathOf(file);
  return await reporter.phase(`Check ${name}`, async (phase) => {
    const { rows, problems, problemCount, notice } = await disk.readRedirects(file, siteId);
    if (notice !== undefined) phase.info(notice);
    const check = checkRedirects(rows);
    const domains = command === 'import' ? [] : otherDomains(rows, command);
    const all = [...problems, ...check.problems, ...domains].sort((one, other) => one.line - other.line);
    if (all.length > 0) {
      const total = problemCount + check.problemCount + domains.length;
      phase.result(count(total, 'problem'));
      throw new FileError(file, all, {
        message: `${name} has ${count(total, 'problem')}.`,
        title: `${name} is not usable`,
        fix: 'Correct the file and run the job again. Nothing was sent.',
        detailCount: total,
      });
    }
    if (check.warnings.length > 0) reporter.warnRows(check.warnings, 'Odd redirect');
    const untold = check.warningCount - check.warnings.length;
    if (untold > 0) reporter.info(`And ${untold} more of the kind.`);
    phase.result(count(rows.length, 'row'));
    return rows;
  });
}

/** What a site is made to be is one site's; that of rows without a domain is that of the others. */
function otherDomains(rows: readonly RedirectRow[], command: RedirectsCommand): RowProblem[] {
  const problems: RowProblem[] = [];
  const first = new Map<string, RedirectRow>();
  for (const row of rows) {
    if (row.domain === '' || first.has(row.domain)) continue;
    const [own] = first.values();
    first.set(row.domain, row);
    if (own === undefined) continue;
    problems.push({
      line: row.line,
      message: `The domain is "${row.domain}", and that of line ${own.line} is "${own.domain}": \`${command}\` is for one site, and so for one domain.`,
    });
  }
  return problems;
}
