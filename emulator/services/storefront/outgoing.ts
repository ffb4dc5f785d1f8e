import type { MiniflareModule, ServedRequest } from './miniflare.ts';

/** A request of a worker that was not let through. */
export interface DeniedRequest {
  projectUuid: string;
  method: string;
  /** Without its query, which may have credentials. */
  url: string;
}

export interface OutgoingParts {
  miniflare: Pick<MiniflareModule, 'fetch' | 'Response'>;
  allow: readonly string[];
  /** Answers a request for a storefront of this platform; undefined where the host is none. */
  dispatch: (host: string, request: ServedRequest) => Promise<object> | undefined;
  /** Is called with `host` and `url` (without query) of what is denied. */
  onDenied: (host: string, url: string) => void;
}

/**
 * Answers a request that a worker sends: a storefront's own address reaches it, and other hosts are denied unless allowed.
 */
export async function answerOutgoing(request: ServedRequest, parts: OutgoingParts): Promise<object> {
  const { host, hostname, origin, pathname } = new URL(request.url);
  const own = parts.dispatch(host, request);
  if (own !== undefined) return await own;
  const { fetch, Response } = parts.miniflare;
  if (!parts.allow.some((one) => one === '*' || [host, hostname].includes(one.toLowerCase()))) {
    parts.onDenied(host, `${origin}${pathname}`);
    return new Response(
      `The embedded platform lets no request through to ${host}. Start it with --serve-allow ${host} to allow it.\n`,
      { status: 403 },
    );
  }
  try {
    return await fetch(request, { redirect: 'manual' });
  } catch (error) {
    const { cause = error } = error instanceof Error ? error : {};
    return new Response(`${host} could not be reached: ${cause instanceof Error ? cause.message : String(cause)}\n`, {
      status: 502,
    });
  }
}
