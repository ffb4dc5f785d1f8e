/**
 * Mutants that change nothing which anyone could notice, each with the reason. The keys are those that `npm run mutants`
 * prints; one that fits no mutant of src/ any more is an error.
 */
export const EQUIVALENTS: ReadonlyMap<string, string> = new Map([
  [
    'src/actions/preview-cleanup/cleanup.ts | cleanUpOne | member | isNotice: false | removed',
    'It is only asked whether it is true.',
  ],
  [
    'src/domain/worker-logs/certainty.ts | countOf | optional chain | group[0]?.statusCode | without ?',
    'A group of `Map.groupBy` is never empty.',
  ],
  [
    'src/actions/preview-gate/check.ts | closeLeft | optional chain | this.#state?.end | without ?',
    'The post step, which alone calls it, has a state: without one it does nothing.',
  ],
  [
    'src/domain/redirects/near.ts | withoutFinalSlash | number | 0 | + 1 | 2',
    'A path that begins with its query was given back two lines before.',
  ],
  [
    'src/net/event-stream.ts | followEventStream | comparison | performance.now() - startedMs >= HEALTHY_CONNECTION_MS | >',
    'No connection ends at a certain fraction of a millisecond.',
  ],
  [
    "src/sitecore-cdp/upload.ts | md5OfEtag | logical | etag ?? '' | without ?? …",
    'The text `undefined` is no MD5 either.',
  ],
  [
    "src/bigcommerce/upload.ts | mendedByFreshSignature | logical | error.serverCode ?? '' | without ?? …",
    'No set of codes has `undefined` either.',
  ],
  [
    'src/actions/rollback/find-source.ts | findTarget | optional chain | artifact?.id | without ?',
    'Where no deployment was picked, an artifact was.',
  ],
  [
    'src/report/redirects-words.ts | changeWords | optional chain | counts?.[kind] | without ? | 2',
    'Without counts, none is left to be named.',
  ],
  [
    "src/actions/redirects/site.ts | notReadInTime | logical | cause.fix ?? '' | without ?? …",
    'A DeadlineError has an advice.',
  ],
  [
    'src/actions/skip.ts | skipOf | optional chain | event.pullRequest?.number | without ?',
    'Only a pull request comes from a fork.',
  ],
  ['src/files/batch/scan-json.ts | closers | number | 64 | + 1', 'It grows as needed.'],
  [
    "src/github-status/github-status.ts | known | string | 'Bug: nothing has happened yet.' | ''",
    'An event has come before: the words are for developers.',
  ],
  [
    'src/files/zip-writer.ts | room | number | 0 | + 1',
    'Which block of several in a row lets others have their turn does not matter.',
  ],
  ['src/domain/redirects/check.ts | addNearAddresses | number | 0 | + 1 | 2', 'No loop is empty.'],
  [
    'src/files/batch/read-error-log.ts | removeTemporary | boolean | true | false',
    'That a file is missing is no failure there, with `force` or without.',
  ],
  [
    'src/compose/redirects.ts | carryOut | member | task | removed',
    'The inputs have the same task; it is there for the types.',
  ],
  [
    'src/domain/verification/flight.ts | readRows | number | 0 | + 1 | 4',
    'It is searched for from a place behind the first one.',
  ],
]);
