import * as z from 'zod/mini';
import type { DeploymentEvent } from '../domain/deployment.ts';
import { mapped, orMissing, someText } from '../schema.ts';
import type { Project } from './hosting.ts';

/**
 * Answers of the Infrastructure Hosting API, from unknown to typed (API document, section 1). Unknown fields are let
 * through: the platform may grow. snake_case ends here.
 */

export interface UploadSignature {
  uploadUrl: string;
  uploadUuid: string;
}

/** A project with its hosts as the platform gives them, bare. */
export interface ReadProject extends Pick<Project, 'uuid' | 'name'> {
  hosts: readonly string[];
}

export interface ProjectPage {
  projects: ReadProject[];
  /** Cursor of the next page; undefined on the last one. */
  after: string | undefined;
}

/** A UUID so far; any other format would go into URLs, outputs and the log unchanged, too. */
export const identifier = z.string().check(z.regex(/^\w[\w.-]{0,199}$/));
/** The platform's own word, known to this version or not. */
export const word = z.string().check(z.regex(/^[\w .-]{1,60}$/));
const errorCode = z.catch(
  z.union([mapped(z.number(), String), z.string().check(z.regex(/^[\w.-]{1,40}$/))]),
  'unknown',
);
const MAX_HOSTS = 20;
const hosts = orMissing(z.array(z.string()));
const project = mapped(
  z.object({ uuid: identifier, name: z.string(), deployment_hostnames: hosts }),
  ({ uuid, name, deployment_hostnames }): ReadProject => ({
    uuid,
    name,
    hosts: (deployment_hostnames ?? []).slice(0, MAX_HOSTS),
  }),
);

const uploadSignature = mapped(
  z.object({ data: z.object({ upload_url: someText, upload_uuid: identifier }) }),
  ({ data }): UploadSignature => ({ uploadUrl: data.upload_url, uploadUuid: data.upload_uuid }),
);

const createdDeployment = mapped(
  z.object({ data: z.object({ deployment_uuid: identifier }) }),
  ({ data }) => data.deployment_uuid,
);

const createdProject = mapped(z.object({ data: project }), ({ data }) => data);

const projectPage = mapped(
  z.object({
    // An odd entry cannot be the project in question, and must not hide all others.
    data: z
      .array(z.catch(z.nullable(project), null))
      // If no entry can be parsed, this is not a list of projects: "the project is gone" would be a guess.
      .check(z.refine((all) => all.length === 0 || all.some((one) => one !== null), 'none of them is a project')),
    meta: z.nullish(
      z.object({
        cursor_pagination: z.nullish(
          z.object({
            end_cursor: z.nullish(z.string()),
            links: z.nullish(z.object({ next: z.nullish(z.string()) })),
          }),
        ),
      }),
    ),
  }),
  ({ data, meta }): ProjectPage => {
    const pagination = meta?.cursor_pagination;
    const next = pagination?.links?.next ?? '';
    // A relative query, possibly without the other parameters of the request: only its cursor is used. A `+` in it may
    // be literal, so the cursor given as plain text takes precedence.
    const inLink = new URLSearchParams(next.slice(next.indexOf('?') + 1)).get('after') ?? '';
    const after = next === '' ? '' : pagination?.end_cursor || inLink;
    return { projects: data.filter((one) => one !== null), after: after === '' ? undefined : after };
  },
);

/** Only the status decides, so no other odd field may cost a verdict: it is dropped, and the event counts. */
const deploymentEvent = mapped(
  z.object({
    deployment_uuid: orMissing(z.string()),
    deployment_status: word,
    event: orMissing(z.object({ step: orMissing(word), progress: orMissing(z.number()) })),
    error: orMissing(z.object({ code: errorCode })),
    deployment_url: orMissing(z.string()),
    deployment_hostnames: hosts,
  }),
  (event): DeploymentEvent => ({
    deploymentUuid: event.deployment_uuid ?? undefined,
    status: event.deployment_status,
    step: event.event?.step ?? undefined,
    progress: event.event?.progress ?? undefined,
    errorCode: event.error?.code,
    // The canonical host is the first of the names; whether the URL is that one, or a vanity domain, is not documented.
    hosts: [...(event.deployment_hostnames ?? []), event.deployment_url]
      .filter((host) => typeof host === 'string')
      .slice(0, MAX_HOSTS),
  }),
);

export const parseUploadSignature = (value: unknown) => uploadSignature.parse(value);
export const parseCreatedDeployment = (value: unknown) => createdDeployment.parse(value);
export const parseCreatedProject = (value: unknown) => createdProject.parse(value);
export const parseProjectPage = (value: unknown) => projectPage.parse(value);

/** @returns for anything else the reason, never a piece of the data, which may hold anything */
export function parseDeploymentEvent(text: string): DeploymentEvent | { unreadable: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { unreadable: `not JSON, ${text.length} characters` };
  }
  return deploymentEvent.safeParse(json).data ?? { unreadable: 'no usable deployment_status' };
}
