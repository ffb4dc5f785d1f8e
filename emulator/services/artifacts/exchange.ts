import type { IncomingMessage } from 'node:http';
import type { AnswerFault } from '../../fault-types.ts';
import type { RecordedRequest } from '../../types.ts';
import type { ArtifactCall } from './calls.ts';

/** A request to the artifact service or its blob store; its body is still to be read. */
export interface ArtifactExchange {
  call: ArtifactCall;
  request: IncomingMessage;
  url: URL;
  record: RecordedRequest;
  chunks: AsyncIterable<Buffer>;
  fault: AnswerFault | undefined;
}
