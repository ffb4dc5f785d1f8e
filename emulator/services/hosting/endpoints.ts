import type { Answer } from '../../answers.ts';
import { createErrorAnswer } from '../../answers.ts';
import type { Scope } from '../../bigcommerce/scopes.ts';
import type { StoreEndpoint, StoreRequest } from '../../bigcommerce/store-api.ts';
import { answerCreateDeployment } from './create-deployment.ts';
import { answerEvents } from './events.ts';
import type { Hosting } from './hosting.ts';

export interface HostingEndpoint extends StoreEndpoint {
  answer(hosting: Hosting, request: StoreRequest): Answer | Promise<Answer>;
}

const PATH = '/stores/:storeHash/v3/infrastructure';

const CREATES_DEPLOYMENTS: readonly Scope[] = [
  'store_infrastructure_deployments_create_preview',
  'store_infrastructure_deployments_manage',
];
const READS_DEPLOYMENTS: readonly Scope[] = ['store_infrastructure_deployments_read_only', ...CREATES_DEPLOYMENTS];
const MANAGES_PROJECTS: readonly Scope[] = ['store_infrastructure_projects_manage'];
const READS_PROJECTS: readonly Scope[] = ['store_infrastructure_projects_read_only', ...MANAGES_PROJECTS];

/** The calls of the API document, section 1. */
export const HOSTING_ENDPOINTS = [
  {
    call: 'sign',
    method: 'POST',
    path: `${PATH}/deployments/uploads`,
    scopes: CREATES_DEPLOYMENTS,
    answer: ({ storage }, { url }) => storage.answerSign(url.origin),
  },
  {
    call: 'createDeployment',
    method: 'POST',
    path: `${PATH}/deployments`,
    scopes: CREATES_DEPLOYMENTS,
    answer: answerCreateDeployment,
  },
  {
    call: 'events',
    method: 'GET',
    path: `${PATH}/deployments/:uuid/events`,
    scopes: READS_DEPLOYMENTS,
    answer: answerEvents,
  },
  {
    call: 'listProjects',
    method: 'GET',
    path: `${PATH}/projects`,
    scopes: READS_PROJECTS,
    answer: ({ projects }, { url }) => projects.answerList(url.searchParams),
  },
  {
    call: 'createProject',
    method: 'POST',
    path: `${PATH}/projects`,
    scopes: MANAGES_PROJECTS,
    answer: ({ projects }, { body }) => projects.answerCreate(body),
  },
  {
    call: 'deleteProject',
    method: 'DELETE',
    path: `${PATH}/projects/:uuid`,
    scopes: MANAGES_PROJECTS,
    answer: ({ projects }, { param }) => projects.answerDelete(param('uuid')),
  },
  {
    call: 'deleteProjects',
    method: 'DELETE',
    path: `${PATH}/projects`,
    scopes: MANAGES_PROJECTS,
    answer: ({ projects }, { url }) => projects.answerDeleteMany(url.searchParams),
  },
  { call: 'unknown', method: '*', path: '/stores/:storeHash/v3/*', scopes: [], answer: answerUnknown },
  { call: 'unknown', method: '*', path: '*', scopes: [], answer: answerUnknown },
] as const satisfies readonly HostingEndpoint[];

function answerUnknown(): Answer {
  return createErrorAnswer(404, 'The route was not found.');
}
