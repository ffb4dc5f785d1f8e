import type { DeploymentEvent } from '../domain/deployment.ts';
import { HttpError, type NetworkError } from '../net/errors.ts';
import { followEventStream, type Reconnect } from '../net/event-stream.ts';
import type { FollowOptions } from './hosting.ts';
import { parseDeploymentEvent } from './schemas.ts';

/** The server ends each stream after 30 s (API document, section 1); one that is quiet beyond that is broken. */
const SILENCE_MS = 35_000;
/** A deployment that was just created may not be known everywhere yet. */
const MAX_NOT_FOUND = 6;

export type OpenStream = (lastEventId: string | undefined, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** The deployment's own events, typed; what is none of them is reported and skipped. */
export async function* followDeploymentEvents(
  deploymentUuid: string,
  open: OpenStream,
  options: FollowOptions,
): AsyncGenerator<DeploymentEvent> {
  const messages = followEventStream({
    open,
    silenceMs: SILENCE_MS,
    signal: options.signal,
    mayReconnect,
    onReconnect: (reconnect) => options.onReconnect(describe(reconnect)),
    onFault: options.onSkipped,
  });
  for await (const message of messages) {
    const event = parseDeploymentEvent(message.data);
    if (event === undefined) options.onSkipped(`an event that is not what the API describes: ${excerpt(message.data)}`);
    else if (
      event.deploymentUuid !== undefined &&
      event.deploymentUuid.toLowerCase() !== deploymentUuid.toLowerCase()
    ) {
      options.onSkipped('an event of another deployment');
    } else yield event;
  }
}

function mayReconnect(error: HttpError | NetworkError, barrenConnections: number): boolean {
  if (error instanceof HttpError && error.status === 404) return barrenConnections < MAX_NOT_FOUND;
  return error.transient;
}

function describe({ reason, error, pauseMs, connection }: Reconnect): string {
  const words = {
    ended: 'the server ended the stream, as it does every 30 s',
    silent: `no byte for ${SILENCE_MS / 1000} s`,
    broken: error instanceof Error ? error.message : 'the stream broke',
  };
  return `event stream ${connection}: ${words[reason]}; connecting again in ${pauseMs} ms`;
}

function excerpt(data: string): string {
  const line = data.replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
