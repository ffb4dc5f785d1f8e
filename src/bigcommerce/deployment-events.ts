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
    mayReconnect: createReconnectRule(),
    onReconnect: (reconnect) =>
      options.onReconnect({ isFault: reconnect.reason !== 'ended', reason: describe(reconnect) }),
    onFault: options.onSkipped,
  });
  for await (const message of messages) {
    const event = parseDeploymentEvent(message.data);
    if ('unreadable' in event) options.onSkipped(`an event that is not what the API describes (${event.unreadable})`);
    else if (
      event.deploymentUuid !== undefined &&
      event.deploymentUuid.toLowerCase() !== deploymentUuid.toLowerCase()
    ) {
      options.onSkipped('an event of another deployment');
    } else yield event;
  }
}

/** Transient failures, for as long as the caller's deadline lets them; a 404 only a few times in a row. */
function createReconnectRule(): (error: HttpError | NetworkError) => boolean {
  let notFound = 0;
  return (error) => {
    notFound = error instanceof HttpError && error.status === 404 ? notFound + 1 : 0;
    return notFound > 0 ? notFound <= MAX_NOT_FOUND : error.transient;
  };
}

function describe({ reason, error, pauseMs, connection }: Reconnect): string {
  const words = {
    ended: 'the server ended the stream, which is no verdict',
    silent: `no byte for ${SILENCE_MS / 1000} s`,
    broken: error instanceof Error ? error.message : 'the stream broke',
  };
  return `event stream ${connection}: ${words[reason]}; connecting again in ${pauseMs} ms`;
}
