import { z } from 'zod';
import type { DeploymentEvent } from '../domain/deployment.ts';
import type { Project } from './hosting.ts';

/**
 * Answers of the Infrastructure Hosting API, from unknown to typed (API document, section 1). Unknown fields are let
 * through: the platform may grow. snake_case ends here.
 */

export interface UploadSignature {
  uploadUrl: string;
  uploadUuid: string;
}

export interface ProjectPage {
  projects: Project[];
  /** Cursor of the next page; undefined on the last one. */
  after: string | undefined;
}

const identifier = z.string().min(1).max(200);
const project = z.object({ uuid: identifier, name: z.string() });

const uploadSignature = z
  .object({ data: z.object({ upload_url: z.string().min(1), upload_uuid: identifier }) })
  .transform(({ data }): UploadSignature => ({ uploadUrl: data.upload_url, uploadUuid: data.upload_uuid }));

const createdDeployment = z
  .object({ data: z.object({ deployment_uuid: identifier }) })
  .transform(({ data }) => data.deployment_uuid);

const createdProject = z
  .object({ data: project })
  .transform(({ data }): Project => ({ uuid: data.uuid, name: data.name }));

const projectPage = z
  .object({
    data: z.array(project),
    meta: z
      .object({ cursor_pagination: z.object({ links: z.object({ next: z.string().nullish() }).nullish() }).nullish() })
      .nullish(),
  })
  .transform(({ data, meta }): ProjectPage => {
    // A relative query, possibly without the other parameters of the request: only its cursor is taken.
    const next = meta?.cursor_pagination?.links?.next ?? '';
    const after = new URLSearchParams(next.slice(next.indexOf('?') + 1)).get('after') ?? undefined;
    return { projects: data.map(({ uuid, name }) => ({ uuid, name })), after: after === '' ? undefined : after };
  });

const deploymentEvent = z
  .object({
    deployment_uuid: z.string().nullish(),
    deployment_status: z.string().min(1),
    event: z.object({ step: z.string().nullish(), progress: z.number().nullish() }).nullish(),
    error: z.object({ code: z.union([z.number(), z.string()]).nullish() }).nullish(),
    deployment_url: z.string().nullish(),
    deployment_hostnames: z.array(z.string()).nullish(),
  })
  .transform(
    (event): DeploymentEvent => ({
      deploymentUuid: event.deployment_uuid ?? undefined,
      status: event.deployment_status,
      step: event.event?.step ?? undefined,
      progress: event.event?.progress ?? undefined,
      errorCode: event.error === null || event.error === undefined ? undefined : String(event.error.code ?? 'unknown'),
      hosts: [event.deployment_url, ...(event.deployment_hostnames ?? [])].filter((host) => typeof host === 'string'),
    }),
  );

export const parseUploadSignature = (value: unknown) => uploadSignature.parse(value);
export const parseCreatedDeployment = (value: unknown) => createdDeployment.parse(value);
export const parseCreatedProject = (value: unknown) => createdProject.parse(value);
export const parseProjectPage = (value: unknown) => projectPage.parse(value);

/** @returns undefined for what is no deployment event: the stream goes on without it */
export function parseDeploymentEvent(text: string): DeploymentEvent | undefined {
  try {
    return deploymentEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
