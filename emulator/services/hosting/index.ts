import { findLeaks } from '../../leaks.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { defineService } from '../../service.ts';
import { storage } from '../storage/index.ts';
import { hostingCli } from './cli.ts';
import { HOSTING_CONTROL } from './control.ts';
import { createConflictAnswer } from './create-deployment.ts';
import type { HostingEndpoint } from './endpoints.ts';
import { HOSTING_ENDPOINTS } from './endpoints.ts';
import { CONFLICT, HOSTING_FAULTS } from './faults.ts';
import { Hosting } from './hosting.ts';
import { createHostingMembers } from './members.ts';
import type { HostingOptions } from './options.ts';
import { createHostingSettings } from './options.ts';

/** BigCommerce Infrastructure Hosting, and the API of the store around it (API document, section 1). */
export const hosting = defineService({
  name: 'hosting',
  owner: 'BigCommerce',
  endpoints: HOSTING_ENDPOINTS,
  faults: HOSTING_FAULTS,
  cli: hostingCli,
  control: HOSTING_CONTROL,
  start: (context: ServiceContext, options: HostingOptions) => {
    const settings = createHostingSettings(options);
    const state = new Hosting(context, storage.of(context).storage, settings);
    const { api, projects, deployments } = state;
    const members = createHostingMembers(state, settings);
    return {
      /** For services that belong to the same store. */
      api,
      projects,
      deployments,
      members,
      credentials: { subject: 'The access token of the store was', list: () => api.tokens },
      answer: (exchange: Exchange<HostingEndpoint>) =>
        api.answer(exchange, {
          replaced: exchange.faults.find(CONFLICT) && createConflictAnswer(),
          answer: (request) => exchange.endpoint.answer(state, request),
        }),
      violations: (exchange: Exchange, foreign) => findLeaks(exchange, foreign, 'BigCommerce'),
      state: () => ({ storeHash: settings.storeHash, projects: projects.list, deployments: deployments.list }),
      close: () => deployments.close(),
    };
  },
});
