import type { Live } from '../domain/run-step.ts';
import { type DeployRecord, liveOf } from './deploy-record.ts';
import { code, text } from './markdown.ts';
import { deployedDoubt, shortSha } from './sections.ts';

/** What a headline is made of. */
export interface Headlined
  extends Pick<DeployRecord, 'outcome' | 'environment' | 'verification' | 'restored' | 'commit' | 'source'> {
  failure?: { title: string } | undefined;
  live: Live;
}

/**
 * The first line of a deployment's summary and comment, as Markdown: what happened, and to which environment.
 * `✅ Deployed to production`, `❌ Not deployed to preview: Project not found`
 */
export function deployHeadline(record: DeployRecord): string {
  return headlineOf({ ...record, live: liveOf(record) });
}

/** The same, of a record that says itself what is live. */
export function headlineOf(record: Headlined): string {
  const { outcome, environment, live } = record;
  const title = text(record.failure?.title ?? '');
  const to = environment === undefined ? '' : ` to ${text(environment)}`;
  switch (outcome) {
    case 'deployed': {
      const doubt = deployedDoubt(record);
      return `${doubt === '' ? '✅' : '⚠️'} ${deployedWords(record)}${doubt}`;
    }
    case 'unhealthy':
      return `💔 ${deployedWords(record)}, but the storefront does not work`;
    case 'rolled-back':
      return `↩️ ${restoredWords(record)}: the storefront did not work`;
    case 'dry-run':
      return `🧪 Dry run${environment === undefined ? '' : ` for ${text(environment)}`}: nothing was sent`;
    case 'skipped':
      return `⏭️ Skipped: nothing deployed${to}`;
    case 'rejected':
    case 'conflict':
      return `⛔ Not deployed${to}: ${title}`;
    case 'error':
      return `❌ Not deployed${to}: ${title}`;
    case 'failed':
      return live === 'as-before' ? `❌ Not deployed${to}: ${title}` : `❌ ${withPlace(title, environment)}`;
    case 'unknown':
      return `❓ ${withPlace(title, environment)}`;
    case 'cancelled':
      return `🚫 ${withPlace(title, environment)}`;
  }
}

/** Where the title itself has to say whether something was deployed. */
function withPlace(title: string, environment: string | undefined): string {
  return environment === undefined ? title : `${title} · ${text(environment)}`;
}

const DONE = { deploy: 'Deployed', rollBack: 'Rolled back', promote: 'Promoted' } as const;
type Verbs = Readonly<Record<keyof typeof DONE, string>>;

/** What a dry run of an earlier bundle would do, as Markdown; undefined for other runs. */
export function wouldDoLine(record: DeployRecord): string | undefined {
  if (record.outcome !== 'dry-run' || record.source === undefined) return undefined;
  return `It would ${deployedWords({ ...record, live: liveOf(record) }, { deploy: 'deploy', rollBack: 'roll back', promote: 'promote' })}.`;
}

/** `Deployed to production`; of an earlier bundle, from where to where. */
function deployedWords({ source, environment }: Headlined, verbs: Verbs = DONE): string {
  const where = environment === undefined ? undefined : text(environment);
  const to = where === undefined ? '' : ` to ${where}`;
  const bundle = source?.commit === undefined ? 'an earlier bundle' : shaOf(source.commit);
  switch (source?.kind) {
    case undefined:
      return `${verbs.deploy}${to}`;
    case 'rollback':
      return rolledBackWords(verbs, { where, to: bundle, from: source.replaced && shaOf(source.replaced.commit) });
    case 'redeploy':
      return `${verbs.deploy} ${bundle}${to} again`;
    case 'promotion': {
      const from = source.deployment?.environment;
      return `${verbs.promote} ${bundle}${from === undefined || from === environment ? '' : ` from ${text(from)}`}${to}`;
    }
  }
}

function restoredWords({ environment, restored, commit }: Headlined): string {
  return rolledBackWords(DONE, {
    where: environment === undefined ? undefined : text(environment),
    to: restored === undefined ? 'an earlier bundle' : shaOf(restored.commit),
    from: commit && shaOf(commit),
  });
}

interface Way {
  where: string | undefined;
  to: string;
  from: string | undefined;
}

function rolledBackWords({ rollBack }: Verbs, { where, to, from }: Way): string {
  return `${rollBack}${where === undefined ? '' : ` ${where}`} to ${to}${from === undefined ? '' : ` from ${from}`}`;
}

function shaOf({ sha }: { sha: string }): string {
  return code(shortSha(sha));
}
