/** Answers of a storefront, for tests. */
import type { PageAnswer, PageFault, PageHop } from '../../../src/domain/verification/page.ts';

export const SHOP = 'https://shop.example.com';
export const HOSTS: ReadonlySet<string> = new Set(['shop.example.com', 'www.example.com']);

/** @param from path or URL @param to where it leads, if it is a redirect */
export function hop(status: number, from = '/', to?: string, headers: Record<string, string> = {}): PageHop {
  const url = new URL(from, SHOP);
  return { status, url, location: to === undefined ? undefined : new URL(to, url), headers };
}

export function answered(hops: readonly PageHop[], body = '', isCut = false): PageAnswer {
  return { kind: 'answered', hops, body, bytes: body.length, isCut, firstByteMs: 20 };
}

export function page(status: number, body = '', headers: Record<string, string> = {}): PageAnswer {
  return answered([hop(status, '/', undefined, headers)], body);
}

export function noAnswer(fault: PageFault, hops: readonly PageHop[] = []): PageAnswer {
  return { kind: 'none', fault, reason: 'no such host', hops };
}
