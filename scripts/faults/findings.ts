/** What the matrix has shown, and what became of it. */
export const FINDINGS: readonly string[] = [
  "A 409 for a page of one of GitHub's lists was read as the end of the list (Octokit does that): a rollback found no deployment, the gate no pull request, a comment was written a second time. It is a refusal now.",
  "A redirect to another host was followed in calls of GitHub (without the token), and its 200 passed for GitHub's word: a check run or a status that was never set. Only redirects on the same host are followed now, and those that keep the method.",
  'A server fault of GitHub in a call that a run cannot do without (rollback, gate) had no advice.',
  'An import or export whose start got no answer five times warned five times of the same.',
  '`@actions/http-client` (in `@actions/artifact`) gave the runtime token along where the artifact service led to another host: its handler adds the header that it has just taken off. No redirect of that service is followed now.',
  '`preview-cleanup` ended green with `nothing`, and a warning, where GitHub answered about a pull request with something that is none. It is an error now: nothing is deleted, and the run is red.',
  'Where the list of comments lacked the one that this run had just written, a second one was written, and the first went on saying that there is no verdict. A run remembers what it has written now.',
  "JSON `null`, or a 204, in the place of one of GitHub's lists was read as an empty one (Octokit does that): a rollback found no deployment, the gate no pull request, a second comment was written. It is an error now.",
  'A page in the place of a log tail counted as an open tail: with one each time, `logs` ended green with `truncated`. It fails after a minute now, as where the tail cannot be opened.',
  'A comment that GitHub called gone by 410, and not by 404, was not written anew.',
];
