import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createEmptyAnswer, createErrorAnswer, createJsonAnswer } from '../../answers.ts';
import type { Errors } from '../../query.ts';
import { readWord } from '../../query.ts';
import { readTextField } from '../../request-body.ts';
import type { Scope, StoreEndpoint, StoreRequest } from '../../store-api.ts';
import { isUuid } from '../../uuid.ts';
import type { Project } from '../hosting/records.ts';
import type { Domain, Domains } from './domains.ts';
import { DOMAIN_STATUSES, ownershipRecordOf } from './domains.ts';

export interface DomainParts {
  domains: Domains;
  findProject: (uuid: string) => Project | undefined;
}

/** A call to a project that is there. */
interface DomainCall extends DomainParts {
  project: Project;
  request: StoreRequest;
  /** Of the path; `''` where there is none. */
  domain: string;
}

export interface DomainEndpoint extends StoreEndpoint {
  answer(call: DomainCall): BodyAnswer;
}

const PATH = '/stores/:storeHash/v3/infrastructure/projects/:uuid/domains';
/** No document says which scopes domains need; they are a part of a project. */
const MANAGES: readonly Scope[] = ['store_infrastructure_projects_manage'];
const READS: readonly Scope[] = [...MANAGES, 'store_infrastructure_projects_read_only'];
const HOSTNAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** The calls of the API document, section 1, on domains. */
export const DOMAIN_ENDPOINTS = [
  { call: 'listDomains', method: 'GET', path: PATH, scopes: READS, answer: answerList },
  { call: 'createDomain', method: 'POST', path: PATH, scopes: MANAGES, answer: answerCreate },
  { call: 'getDomain', method: 'GET', path: `${PATH}/:domain`, scopes: READS, answer: answerGet },
  { call: 'deleteDomain', method: 'DELETE', path: `${PATH}/:domain`, scopes: MANAGES, answer: answerDelete },
  { call: 'claimDomain', method: 'POST', path: `${PATH}/:domain/claim`, scopes: MANAGES, answer: answerClaim },
  { call: 'transferDomain', method: 'POST', path: `${PATH}/:domain/transfer`, scopes: MANAGES, answer: answerTransfer },
] as const satisfies readonly DomainEndpoint[];

export function answerDomains(endpoint: DomainEndpoint, request: StoreRequest, parts: DomainParts): BodyAnswer {
  const uuid = request.param('uuid');
  if (!isUuid(uuid))
    return createErrorAnswer(400, 'The project UUID is not valid.', { project_uuid: 'must be a UUID' });
  const project = parts.findProject(uuid);
  if (project === undefined) return createErrorAnswer(404, 'The project was not found.');
  const domain = decode(request.param('domain')).toLowerCase();
  return endpoint.answer({ ...parts, project, request, domain });
}

function answerList({ domains, project, request }: DomainCall): BodyAnswer {
  const errors: Errors = {};
  const { searchParams: query } = request.url;
  const status = readWord(query, 'verification_status', DOMAIN_STATUSES, errors);
  if (Object.keys(errors).length > 0) return createErrorAnswer(422, 'Invalid query parameters.', errors);
  const names = query.get('domain:in')?.toLowerCase().split(',');
  const found = domains.list.filter(
    (one) =>
      one.projectUuid === project.uuid &&
      (names?.includes(one.domain) ?? true) &&
      (status === undefined || one.status === status),
  );
  return createDataAnswer(found.map(render));
}

/** The only answer that has the records which point a domain at its project. */
function answerCreate({ domains, project, request }: DomainCall): BodyAnswer {
  const domain = readTextField(request.body, 'domain')?.toLowerCase() ?? '';
  if (!HOSTNAME.test(domain)) return createInvalidAnswer({ domain: 'must be a domain name' });
  const bound = domains.find(domain);
  if (bound?.projectUuid === project.uuid) return createErrorAnswer(409, 'The project has this domain already.');
  if (bound !== undefined) return createBoundAnswer(bound);
  if (domains.isForeign(domain)) return createOwnershipAnswer(domain);
  const records = {
    a_record_value: '198.51.100.10',
    cname_record_value: project.deploymentHostnames[0] ?? `${project.uuid}.storefront.example`,
  };
  return createDataAnswer({ ...render(domains.bind(domain, project.uuid)), pointing_records: records });
}

function answerGet(call: DomainCall): BodyAnswer {
  return withDomain(call, (bound) => createDataAnswer(render(bound)));
}

function answerDelete(call: DomainCall): BodyAnswer {
  return withDomain(call, ({ domain }) => {
    call.domains.remove(domain);
    return createEmptyAnswer(204);
  });
}

/** Takes over a domain of another store, once its ownership record is in the DNS. */
function answerClaim({ domains, project, domain }: DomainCall): BodyAnswer {
  const bound = domains.find(domain);
  if (bound?.projectUuid === project.uuid) return createDataAnswer(render(bound));
  if (bound !== undefined) return createBoundAnswer(bound);
  if (!domains.isForeign(domain)) return createNotFoundAnswer();
  if (!domains.isOwnershipPublished(domain)) return createOwnershipAnswer(domain);
  return createDataAnswer(render(domains.bind(domain, project.uuid)));
}

function answerTransfer(call: DomainCall): BodyAnswer {
  return withDomain(call, (bound) => {
    const uuid = readTextField(call.request.body, 'new_project_uuid');
    if (!isUuid(uuid)) return createInvalidAnswer({ new_project_uuid: 'must be a UUID' });
    const target = call.findProject(uuid);
    if (target === undefined) return createInvalidAnswer({ new_project_uuid: 'is no project of the store' });
    if (target === call.project) return createInvalidAnswer({ new_project_uuid: 'must be another project' });
    call.domains.transfer(bound, target.uuid);
    return createDataAnswer(render(bound));
  });
}

function withDomain({ domains, project, domain }: DomainCall, answer: (bound: Domain) => BodyAnswer): BodyAnswer {
  const bound = domains.find(domain);
  return bound?.projectUuid === project.uuid ? answer(bound) : createNotFoundAnswer();
}

function render({ domain, projectUuid, status }: Domain) {
  return { domain, project_uuid: projectUuid, verification_status: status };
}

function createNotFoundAnswer(): BodyAnswer {
  return createErrorAnswer(404, 'The domain was not found.');
}

function createInvalidAnswer(errors: Errors): BodyAnswer {
  return createErrorAnswer(422, 'Invalid request body.', errors);
}

/** Another project of the store has it: the vendor's tool reads which one, and proposes a transfer. */
function createBoundAnswer({ projectUuid }: Domain): BodyAnswer {
  return createConflictAnswer('The domain is bound to another project.', { project_uuid: projectUuid });
}

function createOwnershipAnswer(domain: string): BodyAnswer {
  const meta = { ownership_verification: ownershipRecordOf(domain) };
  return createConflictAnswer('The domain is bound to another store.', meta);
}

function createConflictAnswer(title: string, meta: object): BodyAnswer {
  const answer = createErrorAnswer(409, title);
  return createJsonAnswer(answer.status, { ...JSON.parse(`${answer.body}`), meta });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
