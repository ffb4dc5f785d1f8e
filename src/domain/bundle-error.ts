import { ActionError } from '../errors.ts';

const BUNDLE_FIX = 'Change the build output (or `exclude`) and run again.';

/** The bundle breaks a rule that the platform or this action enforces; every offence is listed. Nothing has been uploaded. */
export class BundleError extends ActionError {
  override name = 'BundleError';
  readonly problems: readonly string[];

  /**
   * @param options.total how many there are, where `problems` lists fewer and says so in its last line
   * @param options.hints sentences that may say why, put behind what to do, each on a line of its own: it may end with a
   *   pattern
   */
  constructor(
    problems: readonly string[],
    options: { fix?: string; total?: number; hints?: readonly string[]; cause?: unknown } = {},
  ) {
    super(
      problems.length === 1
        ? `${problems[0]}`
        : `${options.total ?? problems.length} problems in the bundle:\n${problems.map((p) => `- ${p}`).join('\n')}`,
      {
        topic: 'bundle-refused-before-upload',
        title: 'Bundle refused before upload',
        details: problems,
        detailCount: options.total,
        fix: [options.fix ?? BUNDLE_FIX, ...(options.hints ?? [])].join('\n'),
        cause: options.cause,
      },
    );
    this.problems = problems;
  }
}
