/** OAuth scopes of the API document, sections 1 and 2. */
export const SCOPES = [
  'store_infrastructure_deployments_read_only',
  'store_infrastructure_deployments_create_preview',
  'store_infrastructure_deployments_manage',
  'store_infrastructure_projects_read_only',
  'store_infrastructure_projects_manage',
  'store_infrastructure_logs_read_only',
  'store_v2_content',
  'store_v2_content_read_only',
] as const;

export type Scope = (typeof SCOPES)[number];
