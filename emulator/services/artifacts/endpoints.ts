import type { Endpoint, Exchange } from '../../service.ts';
import type { ServiceMethod } from './artifact-service.ts';
import {
  answerUnknownMethod,
  createArtifact,
  deleteArtifact,
  finalizeArtifact,
  listArtifacts,
  signUrl,
} from './artifact-service.ts';
import { rejectBlobRequest } from './blob-answers.ts';
import { getBlob, getBlobProperties } from './blob-reads.ts';
import type { BlobOperation } from './blob-store.ts';
import { putBlob, putBlock, putBlockList } from './blob-writes.ts';
import { BLOB_ACCOUNT } from './blobs.ts';

/** A method of the artifact service. */
interface ServiceEndpoint extends Endpoint {
  call: `artifacts.${string}`;
  side: 'service';
  answer: ServiceMethod;
}

/** An operation on a blob. No token may ever reach this side. */
interface BlobEndpoint extends Endpoint {
  call: `artifacts.${string}`;
  side: 'store';
  answer: BlobOperation;
}

export type ArtifactEndpoint = ServiceEndpoint | BlobEndpoint;

/** Twirp has one path for each method, and all are POST (`@actions/artifact`, generated/results/api/v1). */
const TWIRP = { method: 'POST', side: 'service' } as const;
const SERVICE_PATH = '/twirp/github.actions.results.api.v1.ArtifactService';

/** Azure's documentation, "Blob service REST API", operations on blobs. */
const BLOB = { path: `/${BLOB_ACCOUNT}/*`, side: 'store' } as const;

/** All that the artifact service and the blob store behind it answer. */
export const ARTIFACT_ENDPOINTS = [
  { ...TWIRP, call: 'artifacts.create', path: `${SERVICE_PATH}/CreateArtifact`, answer: createArtifact },
  { ...TWIRP, call: 'artifacts.finalize', path: `${SERVICE_PATH}/FinalizeArtifact`, answer: finalizeArtifact },
  { ...TWIRP, call: 'artifacts.list', path: `${SERVICE_PATH}/ListArtifacts`, answer: listArtifacts },
  { ...TWIRP, call: 'artifacts.signedUrl', path: `${SERVICE_PATH}/GetSignedArtifactURL`, answer: signUrl },
  { ...TWIRP, call: 'artifacts.delete', path: `${SERVICE_PATH}/DeleteArtifact`, answer: deleteArtifact },
  { ...BLOB, call: 'artifacts.putBlock', method: 'PUT', query: { comp: 'block' }, answer: putBlock },
  { ...BLOB, call: 'artifacts.putBlockList', method: 'PUT', query: { comp: 'blocklist' }, answer: putBlockList },
  { ...BLOB, call: 'artifacts.putBlob', method: 'PUT', query: { comp: '' }, answer: putBlob },
  { ...BLOB, call: 'artifacts.getBlob', method: 'GET', query: { comp: '' }, answer: getBlob },
  { ...BLOB, call: 'artifacts.getBlobProperties', method: 'HEAD', query: { comp: '' }, answer: getBlobProperties },
  { call: 'artifacts.unknown', method: '*', path: '/twirp/*', side: 'service', answer: answerUnknownMethod },
  {
    ...BLOB,
    call: 'artifacts.unknown',
    method: '*',
    answer: (exchange: Exchange) => rejectBlobRequest(exchange, 'UnsupportedHttpVerb'),
  },
] as const satisfies readonly ArtifactEndpoint[];
