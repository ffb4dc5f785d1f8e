import * as z from 'zod/mini';
import { numberText, wordText } from '../../cli-values.ts';
import { serviceCli } from '../../service.ts';
import type { HostingMembers } from './members.ts';
import type { HostingOptions } from './options.ts';
import type { DeploymentRecord } from './records.ts';

export const hostingCli = serviceCli({
  options: {
    'store-hash': { placeholder: 'HASH', help: "the store's hash", schema: wordText },
    'access-token': { placeholder: 'TOKEN', help: 'the token that is accepted', schema: wordText },
    project: {
      placeholder: 'NAME',
      help: 'a project of the store; may be given more than once (demo-storefront)',
      multiple: true,
      schema: z.array(wordText),
    },
    'fail-with': {
      placeholder: 'CODE',
      help: 'every deployment fails with this error code',
      schema: numberText({ isWhole: true }),
    },
  },
  read: (values, print): HostingOptions & { faults: object[] } => {
    const code = values['fail-with'];
    return {
      storeHash: values['store-hash'],
      accessToken: values['access-token'],
      projects: values.project,
      onDeploymentChange: (deployment) => print(renderDeployment(deployment)),
      faults: code === undefined ? [] : [{ call: 'createDeployment', effect: 'fail', code, times: 'always' }],
    };
  },
  settings: ({ storeHash, accessToken, projects }: HostingMembers, { apiHost }) => ({
    environment: [
      `CATALYST_API_HOST=${apiHost}`,
      `CATALYST_STORE_HASH=${storeHash}`,
      `CATALYST_ACCESS_TOKEN=${accessToken}`,
      `CATALYST_PROJECT_UUID=${projects[0]?.uuid ?? ''}`,
    ],
    inputs: [
      `api-host: ${apiHost}`,
      `store-hash: ${storeHash}`,
      `access-token: ${accessToken}`,
      `project-uuid: ${projects[0]?.uuid ?? ''}`,
    ],
    text: ['Projects:', ...projects.map(({ uuid, name }) => `  ${uuid}  ${name}`)],
  }),
});

function renderDeployment({ deploymentUuid, status, step, errorCode, failureReason }: DeploymentRecord): string {
  const failure = errorCode === undefined ? '' : `  code ${errorCode}: ${failureReason ?? ''}`;
  return `deployment ${deploymentUuid}: ${status}${step === undefined ? '' : `, ${step}`}${failure}`;
}
