import * as z from 'zod/mini';
import { wordText } from '../../cli-values.ts';
import { serviceCli } from '../../service.ts';
import type { RedirectsMembers } from './members.ts';
import type { RedirectsOptions } from './options.ts';
import { FIRST_SITE_ID } from './options.ts';
import type { RedirectJobRecord } from './records.ts';

export const redirectsCli = serviceCli({
  options: {
    site: {
      placeholder: 'DOMAIN',
      help: 'a site of the store, which redirects are of; may be given more than once; the ids begin with 1000 (store.example.com, outlet.example.com)',
      multiple: true,
      schema: z.array(wordText),
    },
  },
  read: ({ site }, print): { redirects: RedirectsOptions } => ({
    redirects: {
      sites: site?.map((domain, index) => ({ id: FIRST_SITE_ID + index, domain: domain.toLowerCase() })),
      onJobChange: (job) => print(renderJob(job)),
    },
  }),
  settings: ({ redirects }: { redirects: RedirectsMembers }) => ({
    text: ['Sites, for redirects (site-id):', ...redirects.sites.map(({ id, domain }) => `  ${id}  ${domain}`)],
  }),
});

function renderJob({ jobId, kind, status, completed, failed, total }: RedirectJobRecord): string {
  const failures = failed > 0 ? `, ${failed} rejected` : '';
  return `${kind} ${jobId}: ${status}, ${completed} of ${total} done${failures}`;
}
