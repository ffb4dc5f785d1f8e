import * as z from 'zod/mini';
import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import { findLeaks } from '../../leaks.ts';
import { oneOf, text } from '../../schema.ts';
import type { Exchange, OptionsOf, ServiceContext } from '../../service.ts';
import { controlRoute, defineService } from '../../service.ts';
import { hosting } from '../hosting/index.ts';
import type { Domain, DomainStatus, OwnershipRecord } from './domains.ts';
import { DOMAIN_STATUSES, Domains } from './domains.ts';
import type { DomainEndpoint } from './endpoints.ts';
import { answerDomains, DOMAIN_ENDPOINTS } from './endpoints.ts';

export type DomainOptions = OptionsOf<{
  /** A domain is verified after so long (one step of a deployment); `never`: when it is told so. */
  domainVerifyMs: number | 'never';
}>;

interface DomainMembers {
  readonly domains: {
    /** All of the store, in the order in which they were bound. */
    readonly list: readonly Domain[];
    /** Throws for a domain that no project has. */
    setStatus(domain: string, status: DomainStatus): void;
    /** Binds it to another store; gives the record that shows whose it is. */
    addForeign(domain: string): OwnershipRecord;
    /** The ownership record is in the DNS: from now on the domain can be claimed. */
    publishOwnership(domain: string): void;
  };
  /** Resolves when a domain gets into a state that matches, or at once where one is. */
  waitForDomain(matches: (domain: Domain) => boolean): Promise<Domain>;
}

const name = z.object({ domain: text });

const CONTROL = [
  controlRoute({
    method: 'POST',
    path: 'domain-status',
    help: `{"domain", "status"}: ${DOMAIN_STATUSES.join(', ')}`,
    body: z.object({ domain: text, status: oneOf(DOMAIN_STATUSES) }),
    run: ({ domains: members }: DomainMembers, { domain, status }) => members.setStatus(domain, status),
  }),
  controlRoute({
    method: 'POST',
    path: 'foreign-domain',
    help: '{"domain"}: it belongs to another store',
    body: name,
    run: ({ domains: members }: DomainMembers, { domain }) => members.addForeign(domain),
  }),
  controlRoute({
    method: 'POST',
    path: 'publish-ownership',
    help: '{"domain"}: another store\'s domain can be claimed',
    body: name,
    run: ({ domains: members }: DomainMembers, { domain }) => members.publishOwnership(domain),
  }),
];

/** Custom domains of the projects (API document, section 1, table of calls). */
export const domains = defineService({
  name: 'domains',
  owner: 'BigCommerce',
  endpoints: DOMAIN_ENDPOINTS,
  faults: [...ANSWER_FAULTS, STATUS_AFTER_WORK],
  control: CONTROL,
  start: (context: ServiceContext, { domainVerifyMs = context.stepMs }: DomainOptions) => {
    const { api, projects } = hosting.of(context);
    const findProject = (uuid: string) => projects.find(uuid);
    const state = new Domains({ findProject, verifyMs: domainVerifyMs === 'never' ? undefined : domainVerifyMs });
    projects.onHostnames((project) => state.attachAll(project));
    return {
      members: createMembers(state),
      answer: (exchange: Exchange<DomainEndpoint>) =>
        api.answer(exchange, {
          answer: (request) => answerDomains(exchange.endpoint, request, { domains: state, findProject }),
        }),
      violations: (exchange: Exchange, foreign) => findLeaks(exchange, foreign, 'BigCommerce'),
      state: () => ({ domains: state.list }),
      close: async () => state.close(),
    };
  },
});

function createMembers(state: Domains): DomainMembers {
  return {
    waitForDomain: (matches) => state.waitFor(matches),
    domains: {
      get list() {
        return state.list;
      },
      setStatus: (domain, status) => {
        const bound = state.find(domain);
        if (bound === undefined) throw new Error(`No project has the domain ${domain}.`);
        state.setStatus(bound, status);
      },
      addForeign: (domain) => state.addForeign(domain),
      publishOwnership: (domain) => state.publishOwnership(domain),
    },
  };
}
