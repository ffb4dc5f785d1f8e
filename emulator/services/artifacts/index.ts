import { ANSWER_FAULTS } from '../../faults/answer-faults.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { defineService, serviceCli } from '../../service.ts';
import { github } from '../github/index.ts';
import { Artifacts } from './artifacts.ts';
import type { ArtifactEndpoint } from './endpoints.ts';
import { ARTIFACT_ENDPOINTS } from './endpoints.ts';
import type { ArtifactsMembers } from './members.ts';
import { createArtifactSource, createArtifactsMembers } from './members.ts';

/** The artifact service of GitHub Actions, with the blob store behind its signed URLs; GitHub's REST API shows its artifacts. */
export const artifacts = defineService({
  name: 'artifacts',
  owner: 'GitHub Actions',
  endpoints: ARTIFACT_ENDPOINTS,
  faults: ANSWER_FAULTS,
  cli: serviceCli({
    options: {},
    read: () => ({}),
    settings: (members: { artifacts: ArtifactsMembers }) => ({
      text: [
        'The artifacts of its Actions. Environment:',
        '',
        `GITHUB_RUN_ID=${members.artifacts.runId}`,
        `ACTIONS_RESULTS_URL=${members.artifacts.resultsUrl}`,
        `ACTIONS_RUNTIME_TOKEN=${members.artifacts.runtimeToken}`,
      ],
    }),
  }),
  start: (context: ServiceContext, _: object) => {
    const state = new Artifacts(context.directory);
    github.of(context).members.github.mountArtifacts(createArtifactSource(state));
    return {
      members: { artifacts: createArtifactsMembers(state, context.origin) },
      credentials: { subject: 'A runtime token of GitHub Actions was', list: () => state.runtimeTokens },
      answer: (exchange: Exchange<ArtifactEndpoint>) => state.answer(exchange),
      violations: (exchange: Exchange<ArtifactEndpoint>, foreign) => state.violations(exchange, foreign),
    };
  },
});
