import { type ApiOptions, callEndpoint } from './endpoint.ts';
import { type DnsRecord, type ProjectDomain, parseDomains } from './site-schemas.ts';

export type { DnsRecord, ProjectDomain };

/** The custom domains of projects (API document, section 1, table of calls). */
export interface DomainsClient {
  /**
   * One request, which is not repeated: nothing depends on the answer. All domains are in it, since the API knows no pages.
   * @throws ActionError when it is refused or not answered
   */
  listDomains(projectUuid: string): Promise<ProjectDomain[]>;
}

/** `GET /infrastructure/projects/{project_uuid}/domains` */
export function createDomainsClient(api: ApiOptions): DomainsClient {
  return {
    listDomains: (projectUuid) =>
      callEndpoint(api, {
        what: 'Reading the domains of the project',
        method: 'GET',
        path: `infrastructure/projects/${encodeURIComponent(projectUuid)}/domains`,
        scope: 'projects-read',
        parse: parseDomains,
        mayRepeat: () => false,
      }),
  };
}
