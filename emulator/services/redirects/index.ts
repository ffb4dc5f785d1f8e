import { createErrorAnswer } from '../../answers.ts';
import { findLeaks } from '../../leaks.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { defineService } from '../../service.ts';
import { hosting } from '../hosting/index.ts';
import { redirectsCli } from './cli.ts';
import { REDIRECTS_CONTROL } from './control.ts';
import type { RedirectEndpoint } from './endpoints.ts';
import { REDIRECT_ENDPOINTS } from './endpoints.ts';
import { JOB_RUNNING, REDIRECT_FAULTS } from './faults.ts';
import { createBusyAnswer } from './job-answers.ts';
import { createRedirectsMembers } from './members.ts';
import type { RedirectsOptions } from './options.ts';
import { createRedirectsSettings } from './options.ts';
import { Redirects } from './redirects.ts';

/** A form may have so much more than its file. */
const FORM_BYTES = 1_048_576;

/** The store's redirects (API document, section 2). */
export const redirects = defineService({
  name: 'redirects',
  owner: 'BigCommerce',
  endpoints: REDIRECT_ENDPOINTS,
  faults: REDIRECT_FAULTS,
  cli: redirectsCli,
  control: REDIRECTS_CONTROL,
  start: (context: ServiceContext, options: { redirects?: RedirectsOptions | undefined }) => {
    const { api } = hosting.of(context);
    const settings = createRedirectsSettings(options.redirects ?? {});
    const state = new Redirects(context, settings);
    return {
      members: { redirects: createRedirectsMembers(state) },
      answer: (exchange: Exchange<RedirectEndpoint>) => {
        const { endpoint, faults } = exchange;
        const running = faults.find(JOB_RUNNING);
        return api.answer(exchange, {
          replaced: running && createBusyAnswer(running.retryAfterSeconds),
          maxFormBytes: endpoint.call === 'importRedirects' ? settings.fileBytes + FORM_BYTES : undefined,
          answer: (request) => {
            const isTooLong = request.url.pathname.length + request.url.search.length > settings.urlBytes;
            return isTooLong ? createErrorAnswer(414) : endpoint.answer(state, request);
          },
        });
      },
      violations: (exchange, foreign) => findLeaks(exchange, foreign, 'BigCommerce'),
      state: () => {
        const { sites, list } = state.store;
        return { redirects: { sites, list, jobs: state.jobs.list } };
      },
      close: () => state.jobs.close(),
    };
  },
});
