import type { Bundle } from '../../domain/bundle.ts';
import { describeBroken, type VerificationRecord } from '../../domain/verification/checks.ts';
import { ActionError } from '../../errors.ts';
import type { FlowInputs } from '../../inputs/flow.ts';
import type { RehearsalInputs } from '../../inputs/verification.ts';
import type { DeployEvent } from '../../report/deploy-record.ts';
import type { Run } from '../../report/run-events.ts';
import type { RehearsalRecord } from '../../report/verification-record.ts';
import { deployBundle } from '../deploy-bundle.ts';
import { resolveProject } from '../resolve-project.ts';
import { NOTHING_BEFORE } from './before.ts';
import { type VerifiedFlow, type VerifyDependencies, verify } from './verify.ts';
import { detailsOf, loggedWords } from './verify-errors.ts';

/** What happens to the rehearsal's project is no state of the run's own project. */
const OWN_EVENTS: ReadonlySet<DeployEvent['type']> = new Set([
  ...(['creating', 'not-created', 'created', 'failed', 'deployed'] as const),
  ...(['project-found', 'uploaded', 'verifying'] as const),
]);

const UNTOUCHED = 'Nothing was deployed to the project itself: its storefront is as it was.';

/**
 * Deploys the bundle to another project first, and verifies it there; does nothing unless a project is named for it.
 * @throws ActionError with the outcome `rejected` if it does not work there, `conflict` if another deployment of that
 * project is in progress
 */
export async function rehearse(
  { bundle, projectUuid }: { bundle: Bundle; projectUuid: string },
  inputs: FlowInputs,
  dependencies: VerifyDependencies,
): Promise<void> {
  const { verification: wanted } = inputs;
  if (wanted === 'off' || wanted.rehearsal === undefined) return;
  const { run, signal } = dependencies;
  const { rehearsal } = wanted;
  const stage = new Stage(rehearsal.project, run);
  try {
    const verification = await stage.perform(
      bundle,
      projectUuid,
      { ...inputs, verification: wanted, rehearsal },
      dependencies,
    );
    const isEnough = verification.state === 'healthy' || (verification.state !== 'unhealthy' && !rehearsal.isStrict);
    stage.end(isEnough ? 'passed' : 'rejected', verification);
    if (!isEnough) throw rejectedError(rehearsal, verification);
    if (verification.state !== 'healthy')
      run.warn(`${doubtOf(rehearsal, verification)} Deploying anyway.`, 'Rehearsal without a verdict');
  } catch (error) {
    signal.throwIfAborted();
    stage.end('failed');
    if (!(error instanceof ActionError)) throw error;
    throw failedError(rehearsal, error);
  }
}

type StageInputs = VerifiedFlow & { rehearsal: RehearsalInputs };

/** The rehearsal's own view of the run. */
class Stage {
  readonly #run: Run<DeployEvent>;
  #record: RehearsalRecord;

  constructor(project: string, run: Run<DeployEvent>) {
    this.#run = run;
    this.#record = { project, state: 'running' };
    this.#emit({});
  }

  async perform(
    bundle: Bundle,
    ownProjectUuid: string,
    inputs: StageInputs,
    dependencies: VerifyDependencies,
  ): Promise<VerificationRecord> {
    const { project: name, createIfMissing } = inputs.rehearsal;
    const own = { ...dependencies, run: this.#wrap() };
    const reference = { kind: 'name', name, createIfMissing } as const;
    const missingFix =
      'Correct `rehearsal-project`, or have it made: the deploy action does that with `create-project: true`.';
    const projectUuid = await resolveProject(reference, { ...own, missingFix });
    if (projectUuid === ownProjectUuid) throw sameProjectError(name);
    const urls = await deployBundle(bundle, projectUuid, inputs, own);
    return await verify('Verify', { bundle, projectUuid, urls, before: NOTHING_BEFORE }, inputs.verification, own);
  }

  /** Once: what comes after the first end changes nothing. */
  end(state: Exclude<RehearsalRecord['state'], 'running'>, verification?: VerificationRecord): void {
    if (this.#record.state === 'running') this.#emit({ state, verification });
  }

  #emit(change: Partial<RehearsalRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#run.emit({ type: 'rehearsed', rehearsal: this.#record });
  }

  #wrap(): Run<DeployEvent> {
    const run = this.#run;
    return {
      ...run,
      warn: (message, title) => run.warn(`Rehearsal: ${message}`, `Rehearsal: ${title}`),
      phase: (title, work) => run.phase(`Rehearsal: ${title.charAt(0).toLowerCase()}${title.slice(1)}`, work),
      emit: (event) => {
        if (event.type === 'created') this.#emit({ deploymentUuid: event.deploymentUuid });
        if (!OWN_EVENTS.has(event.type)) run.emit(event);
      },
    };
  }
}

function rejectedError(rehearsal: RehearsalInputs, verification: VerificationRecord): ActionError {
  const what =
    verification.state === 'unhealthy'
      ? `In the rehearsal in the project "${rehearsal.project}" (${verification.url ?? ''}) ${describeBroken(verification)}.${loggedWords(verification)}`
      : doubtOf(rehearsal, verification);
  return new ActionError(`${what} ${UNTOUCHED}`, {
    topic: 'rejected-by-the-rehearsal',
    title: 'Rejected by the rehearsal',
    outcome: 'rejected',
    details: detailsOf(verification, UNTOUCHED),
    fix:
      verification.state === 'unhealthy'
        ? `Open ${verification.url ?? 'the rehearsal’s storefront'}, which still shows this build, and read its worker’s log. Then deploy the mended build.`
        : 'Let the verification reach that storefront (`verify-headers`), or drop `rehearsal-strict` to go on without its verdict.',
  });
}

function doubtOf({ project }: RehearsalInputs, { reason, pages }: VerificationRecord): string {
  const page = pages.find(({ state }) => state === 'inconclusive');
  const why = reason ?? `${page?.path ?? 'no page'} ${page?.problem ?? 'could be judged'}.`;
  return `Whether the build works in the rehearsal's project "${project}" is not known: ${why}`;
}

/** What else can stop a rehearsal. A conflict, or a refused token, is what it would be for the project itself. */
function failedError({ project }: RehearsalInputs, error: ActionError): ActionError {
  if (error.outcome === 'rejected') return error;
  const isVerdict = error.outcome === 'failed' || error.outcome === 'unknown';
  return new ActionError(`The rehearsal in the project "${project}" failed: ${error.message} ${UNTOUCHED}`, {
    topic: isVerdict ? 'rejected-by-the-rehearsal' : (error.topic ?? 'rejected-by-the-rehearsal'),
    title: isVerdict ? 'Rejected by the rehearsal' : `Rehearsal: ${error.title ?? 'failed'}`,
    outcome: isVerdict ? 'rejected' : error.outcome,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
    cause: error,
  });
}

function sameProjectError(name: string): ActionError {
  return new ActionError(`\`rehearsal-project\` names "${name}", which is the project that is deployed to.`, {
    title: 'same project as the deployment',
    fix: 'Name another project: what fails there is seen by nobody.',
  });
}
