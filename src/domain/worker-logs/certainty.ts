import type { OwnRequest } from './own-requests.ts';

/**
 * Whether an error is certainly of a run's own request. Others ask for the same page at the same time, and of one log by
 * itself nobody can tell whose it is; but of all logs that may be its own, as many are as it has requests.
 */

/** A request that a log tells of, and which of a run's own it may be. */
export interface Sighting {
  requests: readonly OwnRequest[];
  /** Undefined: not known. */
  statusCode: number | undefined;
  /** It logged an error, or threw. */
  hasProblem: boolean;
  /** The platform's; undefined if it names none. */
  requestId: string | undefined;
}

/**
 * @param own requests that an error may be held against
 * @param sightings all that may be theirs
 * @param others the same, read in another way, in which some may be missing
 */
export function isCertainlyOwn(
  own: readonly OwnRequest[],
  sightings: readonly Sighting[],
  others: readonly Sighting[] = [],
): boolean {
  // A redirect within a path, such as from one host to another, is another request than what it leads to.
  const groups = Map.groupBy(own, ({ path, statusCode }) => `${statusCode} ${path}`);
  return [...groups.values()].some((group) => {
    const { failing, healthy } = countOf(group, sightings);
    const atMost = Math.max(healthy, countOf(group, others).healthy);
    return failing > 0 && failing + healthy >= group.length && atMost < group.length;
  });
}

function countOf(group: readonly OwnRequest[], sightings: readonly Sighting[]): { failing: number; healthy: number } {
  const status = group[0]?.statusCode;
  const near = sightings.filter(
    ({ statusCode, requests }) =>
      (statusCode === undefined || statusCode === status) && requests.some((one) => group.includes(one)),
  );
  const failing = near.filter(({ hasProblem }) => hasProblem).length;
  return { failing, healthy: near.length - failing };
}

/** Requests as the query tells of them: each once, and once more for each error in it. */
export function joinSightings(requests: readonly Sighting[], errors: readonly Sighting[]): Sighting[] {
  const byId = new Map(errors.flatMap((one) => (one.requestId === undefined ? [] : [[one.requestId, one] as const])));
  const joined = requests.map((one) => ({ ...one, hasProblem: byId.delete(one.requestId ?? '') }));
  const nameless = errors.find(({ requestId }) => requestId === undefined);
  if (nameless !== undefined) {
    // Errors without an id may all be of one request.
    const its = joined.find((one) => one.requestId === undefined && isSame(one, nameless));
    if (its === undefined) return [...joined, ...byId.values(), nameless];
    its.hasProblem = true;
  }
  return [...joined, ...byId.values()];
}

function isSame(one: Sighting, other: Sighting): boolean {
  return one.statusCode === other.statusCode && one.requests.some((request) => other.requests.includes(request));
}
