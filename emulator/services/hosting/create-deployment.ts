import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createErrorAnswer } from '../../answers.ts';
import type { StoreRequest } from '../../bigcommerce/store-api.ts';
import { isUuid } from '../../uuid.ts';
import type { UploadRecord } from '../storage/records.ts';
import type { Storage } from '../storage/storage.ts';
import { FAIL, UPLOAD_GONE } from './faults.ts';
import type { Hosting } from './hosting.ts';
import type { EnvironmentVariable } from './records.ts';

const CONFLICT_TITLE =
  'You already have a deployment in progress for this project. Please wait for it to complete before trying again.';

type Errors = Record<string, string>;

/** `POST /infrastructure/deployments` (API document, section 1, table of calls). */
export async function answerCreateDeployment(
  { projects, storage, deployments }: Hosting,
  { body, faults }: StoreRequest,
): Promise<BodyAnswer> {
  const errors: Errors = {};
  const fields = isObject(body) ? body : {};
  const projectUuid = readUuid(fields, 'project_uuid', errors);
  const uploadUuid = readUuid(fields, 'upload_uuid', errors);
  if (uploadUuid !== undefined && faults.find(UPLOAD_GONE) !== undefined) await storage.remove(uploadUuid);
  const environmentVariables = readVariables(fields['environment_variables'], errors);
  const project = projectUuid === undefined ? undefined : projects.find(projectUuid);
  if (projectUuid !== undefined && project === undefined) errors['project_uuid'] = 'no such project in this store';
  const upload = uploadUuid === undefined ? undefined : readUpload(uploadUuid, storage, errors);
  if (project === undefined || upload === undefined || Object.keys(errors).length > 0) {
    return createErrorAnswer(422, 'The deployment could not be created.', errors);
  }
  if (deployments.isInProgress(project.uuid)) return createConflictAnswer();
  const { deploymentUuid } = deployments.start({
    projectUuid: project.uuid,
    upload,
    environmentVariables,
    failure: faults.find(FAIL),
  });
  return createDataAnswer({ deployment_uuid: deploymentUuid });
}

/** 409 as the vendor's OpenAPI description has it. */
export function createConflictAnswer(): BodyAnswer {
  return createErrorAnswer(409, CONFLICT_TITLE);
}

function readUuid(fields: Record<string, unknown>, name: string, errors: Errors): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') errors[name] = 'is required';
  else if (!isUuid(value)) errors[name] = 'must be a valid UUID';
  return isUuid(value) ? value : undefined;
}

function readUpload(uploadUuid: string, storage: Storage, errors: Errors): UploadRecord | undefined {
  const upload = storage.find(uploadUuid);
  if (upload?.state === 'uploaded') return upload;
  errors['upload_uuid'] =
    upload === undefined
      ? 'no upload with this UUID'
      : upload.state === 'gone'
        ? 'the upload is gone; upload the bundle again'
        : 'nothing was uploaded for this UUID';
  return undefined;
}

function readVariables(value: unknown, errors: Errors): EnvironmentVariable[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    errors['environment_variables'] = 'must be an array';
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const place = `environment_variables.${index}`;
    const { type, key, value: text } = isObject(item) ? item : {};
    if (type !== 'plain_text' && type !== 'secret') errors[`${place}.type`] = 'must be plain_text or secret';
    if (typeof key !== 'string' || key === '') errors[`${place}.key`] = 'must be a string and not empty';
    if (typeof text !== 'string') errors[`${place}.value`] = 'must be a string';
    if (type !== 'plain_text' && type !== 'secret') return [];
    return typeof key === 'string' && typeof text === 'string' ? [{ type, key, value: text }] : [];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
