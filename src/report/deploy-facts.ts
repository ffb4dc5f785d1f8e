import type { DeployOutcome, DeployRecord, SourceRecord } from './deploy-record.ts';
import { count, formatBytes, formatDuration } from './format.ts';
import { code, link, text, unbroken } from './markdown.ts';
import { factsLine, fold, namedList } from './page.ts';
import type { CommitRecord } from './run-record.ts';
import { apiHostFact } from './run-sections.ts';
import { commitCell, deploymentsCell, formatUtc, shortSha, successTime } from './sections.ts';
import { supportBundleCell } from './support-bundle.ts';

/** What a deployment's summary says of the run beside its outcome: a line of facts, and the ids, folded. */

/** Ends of runs that got no further than one of their phases. */
const STOPPED: readonly DeployOutcome[] = ['error', 'failed', 'conflict', 'unknown', 'cancelled'];

/** `demo-storefront · dcad42c on main · 1.2 MB in 40 files · 6.5 s` */
export function deployFacts(record: DeployRecord): string | undefined {
  const { project, commit, source, bundle, failure, networkUsed, correlationId } = record;
  const { kind, replaced } = source ?? {};
  return factsLine([
    project.name === undefined ? undefined : code(project.name),
    commit === undefined ? undefined : commitFact(source === undefined ? commit : withoutOrigin(commit)),
    // The headline of a rollback says so.
    kind === 'rollback' || replaced === undefined ? undefined : `instead of ${commitFact(replaced.commit)}`,
    bundle === undefined ? undefined : sizeFact({ ...bundle, files: bundle.files.length }),
    timeFact(record),
    apiHostFact(record),
    failure !== undefined && networkUsed ? `correlation id ${code(correlationId)}` : undefined,
  ]);
}

/** `dcad42c on main`, `cd05952 (#7)` */
export function commitFact({ sha, url, origin }: CommitRecord): string {
  const commit = link(shortSha(sha), url);
  if (origin === undefined) return commit;
  return origin.startsWith('#') ? `${commit} (${text(origin)})` : `${commit} on ${text(origin)}`;
}

/** What it says of an earlier bundle is in the headline, and with the ids. */
function withoutOrigin({ sha, url }: CommitRecord): CommitRecord {
  return { sha, url };
}

/** @param files how many */
export function sizeFact({ sizeBytes, files }: { sizeBytes: number; files: number }): string {
  return `${unbroken(formatBytes(sizeBytes))} in ${unbroken(count(files, 'file'))}`;
}

function timeFact({ outcome, phases, durationMs }: DeployRecord): string {
  const time = unbroken(formatDuration(durationMs));
  const last = phases.findLast(({ state }) => state !== 'done');
  return last === undefined || !STOPPED.includes(outcome)
    ? time
    : `stopped at <em>${text(last.title)}</em> after ${time}`;
}

/** What a ticket or a rollback needs, and nobody else; undefined where there is none. */
export function idsFold(record: DeployRecord): string | undefined {
  const { project, deployments, environment, githubDeployment, source, artifact, bundle, comment } = record;
  const ids: [string, string | undefined][] = [
    [deployments.length === 1 ? 'Deployment' : 'Deployments', deploymentsCell(deployments)],
    ['Project', project.uuid === undefined ? undefined : code(project.uuid)],
    ['GitHub deployment', githubDeployment && numberedLink(environment ?? '', githubDeployment)],
    ['Bundle from', source && sourceWords(source)],
    ['Instead of', source?.replaced && replacedWords(source.replaced)],
    ['Bundle stored as', artifact && link(artifact.name, artifact.url)],
    ['SHA-256 of the bundle', bundle && code(bundle.sha256)],
    ['Build', bundle?.buildId === undefined ? undefined : code(bundle.buildId)],
    ['Comment', comment && link('on the pull request', comment.url)],
    ['Started', formatUtc(record.startedAt)],
    ['Correlation id', record.networkUsed ? code(record.correlationId) : undefined],
    ['Support bundle', supportBundleCell(record)],
  ];
  const known = ids.filter(([, value]) => value !== undefined);
  // The start alone helps nobody.
  return known.length === 1 ? undefined : fold('Ids for support and rollback', namedList(known));
}

function numberedLink(environment: string, { id, url }: { id: number; url: string }): string {
  return `${code(String(id))} of ${link(environment, url)}`;
}

function sourceWords({ deployment, commit, run, artifactId }: SourceRecord): string {
  const parts = [
    deployment === undefined
      ? `artifact ${code(String(artifactId))}, which no GitHub deployment names`
      : `GitHub deployment ${numberedLink(deployment.environment, deployment)}`,
    commit === undefined ? undefined : `commit ${commitCell(commit)}`,
    run === undefined ? undefined : link(`run ${run.id}`, run.url),
    deployment?.succeededAt === undefined ? undefined : `succeeded ${successTime({ at: deployment.succeededAt })}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function replacedWords({ id, commit }: NonNullable<SourceRecord['replaced']>): string {
  return `GitHub deployment ${code(String(id))}, commit ${commitCell(commit)}`;
}
