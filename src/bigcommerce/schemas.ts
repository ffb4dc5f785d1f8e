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

/** UUIDs so far; whatever it will be, it goes into URLs, outputs and the log as it is. */
export const identifier = z.string().regex(/^\w[\w.-]{0,199}$/);
/** A word of the platform's own, known to this version or not. */
export const word = z.string().regex(/^[\w .-]{1,60}$/);
const errorCode = z.union([z.number().transform(String), z.string().regex(/^[\w.-]{1,40}$/)]).catch('unknown');
const MAX_HOSTS = 20;
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
    // One that is odd is none that could be meant, and must not keep all others from being found.
    data: z
      .array(project.nullable().catch(null))
      // Where none is understood, the answer is no list of projects: that the one that is looked for is gone would be a guess.
      .refine((all) => all.length === 0 || all.some((one) => one !== null), 'none of them is a project'),
    meta: z
      .object({
        cursor_pagination: z
          .object({ end_cursor: z.string().nullish(), links: z.object({ next: z.string().nullish() }).nullish() })
          .nullish(),
      })
      .nullish(),
  })
  .transform(({ data, meta }): ProjectPage => {
    const pagination = meta?.cursor_pagination;
    const next = pagination?.links?.next ?? '';
    // A relative query, possibly without the other parameters of the request: only its cursor is taken. A `+` in it may
    // stand for itself, so the cursor that comes as plain text goes first.
    const inLink = new URLSearchParams(next.slice(next.indexOf('?') + 1)).get('after') ?? '';
    const after = next === '' ? '' : pagination?.end_cursor || inLink;
    const projects = data.filter((one) => one !== null).map(({ uuid, name }) => ({ uuid, name }));
    return { projects, after: after === '' ? undefined : after };
  });

/** Only the status decides, so nothing else that is odd may cost a verdict: it is dropped, and the event counts. */
const deploymentEvent = z
  .object({
    deployment_uuid: z.string().nullish().catch(undefined),
    deployment_status: word,
    event: z
      .object({ step: word.nullish().catch(undefined), progress: z.number().nullish().catch(undefined) })
      .nullish()
      .catch(undefined),
    error: z.object({ code: errorCode }).nullish().catch(undefined),
    deployment_url: z.string().nullish().catch(undefined),
    deployment_hostnames: z.array(z.string()).nullish().catch(undefined),
  })
  .transform(
    (event): DeploymentEvent => ({
      deploymentUuid: event.deployment_uuid ?? undefined,
      status: event.deployment_status,
      step: event.event?.step ?? undefined,
      progress: event.event?.progress ?? undefined,
      errorCode: event.error?.code,
      hosts: [event.deployment_url, ...(event.deployment_hostnames ?? [])]
        .filter((host) => typeof host === 'string')
        .slice(0, MAX_HOSTS),
    }),
  );

export const parseUploadSignature = (value: unknown) => uploadSignature.parse(value);
export const parseCreatedDeployment = (value: unknown) => createdDeployment.parse(value);
export const parseCreatedProject = (value: unknown) => createdProject.parse(value);
export const parseProjectPage = (value: unknown) => projectPage.parse(value);

/** @returns for what is no deployment event, why not; never a piece of it, since it may hold anything */
export function parseDeploymentEvent(text: string): DeploymentEvent | { unreadable: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { unreadable: `not JSON, ${text.length} characters` };
  }
  return deploymentEvent.safeParse(json).data ?? { unreadable: 'no usable deployment_status' };
}
