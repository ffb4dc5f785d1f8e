import { bundleFold } from './bundle-section.ts';
import { deployFacts, idsFold } from './deploy-facts.ts';
import { deployHeadline, wouldDoLine } from './deploy-headline.ts';
import { type DeployOutcome, type DeployRecord, liveOf } from './deploy-record.ts';
import { prose } from './markdown.ts';
import { renderPage, type SummaryDetail } from './page.ts';
import { phasesFold, warningsSection } from './run-sections.ts';
import { addressLinks, failureSection, NO_ADDRESS } from './sections.ts';
import { siteUrlWords } from './site-url-words.ts';
import { verificationSection, withoutPages } from './verification-section.ts';

const LIMITS = { pages: 50, textChars: 400 } as const;
/** Whoever reads of these wants to look. */
const LIVE_OUTCOMES: readonly DeployOutcome[] = ['deployed', 'unhealthy', 'rolled-back'];

/** The step summary of the deploy action, as GitHub-flavoured Markdown. Pure; under 1 MiB by its own limits. */
export function renderDeploySummary(record: DeployRecord, detail: SummaryDetail = 'full'): string {
  const view = { ...record, live: liveOf(record), buildId: record.bundle?.buildId };
  const { failure, skipped } = record;
  const verified = verificationSection(view, { ...LIMITS, foldsHealthy: detail === 'full' });
  const facts = deployFacts(record);
  return renderPage(
    {
      heading: deployHeadline(record),
      lead: [
        addresses(record),
        wouldDoLine(record),
        skipped && prose(skipped.message),
        ...(failure === undefined ? [facts, verified] : [verified, failureSection(withoutPages(failure, view)), facts]),
        warningsSection(record),
      ],
      more: [phasesFold(record), bundleFold(record), idsFold(record)],
    },
    detail,
  );
}

/** Of what is live, and of the channel that leads there. */
function addresses(record: DeployRecord): string | undefined {
  const siteUrl = record.siteUrl && `Site URL: ${siteUrlWords(record.siteUrl)}`;
  const isCutOff = record.outcome === 'cancelled' && liveOf(record) === 'this';
  if (!LIVE_OUTCOMES.includes(record.outcome) && !isCutOff) return siteUrl;
  const { links, more } = addressLinks(record.urls);
  const live = links.length === 0 ? NO_ADDRESS : [...links.map((one) => `**${one}**`), ...more].join(' · ');
  return siteUrl === undefined ? live : `${live}<br>${siteUrl}`;
}
