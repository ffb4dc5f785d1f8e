import { numberText, wordText } from '../../cli-values.ts';
import { serviceCli } from '../../service.ts';
import type { SitecoreMembers } from './members.ts';
import type { SitecoreOptions } from './options.ts';
import type { BatchRecord } from './records.ts';

export const sitecoreCli = serviceCli({
  options: {
    'client-key': {
      placeholder: 'KEY',
      help: 'the client key of Sitecore CDP that is accepted',
      schema: wordText,
    },
    'api-token': { placeholder: 'TOKEN', help: 'the API token that goes with it', schema: wordText },
    'location-life-seconds': {
      placeholder: 'S',
      help: "life of the URL that a batch's file goes to (3600, as with Sitecore CDP)",
      schema: numberText({ max: 604_800 }),
    },
  },
  read: (values, print): { sitecore: SitecoreOptions } => ({
    sitecore: {
      clientKey: values['client-key'],
      apiToken: values['api-token'],
      locationLifeSeconds: values['location-life-seconds'],
      onBatchChange: (batch) => print(renderBatch(batch)),
    },
  }),
  settings: ({ sitecore }: { sitecore: SitecoreMembers }, { origin }) => ({
    text: [
      "Sitecore CDP's Batch API, as inputs of batch-upload:",
      '',
      `  base-url: ${origin}`,
      `  client-key: ${sitecore.clientKey}`,
      `  api-token: ${sitecore.apiToken}`,
    ],
  }),
});

function renderBatch({ ref, status, recordCount, rejectedCount, failureReason }: BatchRecord): string {
  const counts = recordCount > 0 ? `, ${recordCount} records, ${rejectedCount} rejected` : '';
  return `batch ${ref}: ${status}${counts}${failureReason === undefined ? '' : `  ${failureReason}`}`;
}
