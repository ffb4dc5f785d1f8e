/** What the matrix has shown, and what became of it. */
export const FINDINGS: readonly string[] = [
  "A 409 for a page of one of GitHub's lists was read as the end of the list (Octokit does that): a rollback found no deployment, the gate no pull request, a comment was written a second time. It is a refusal now.",
  "A redirect to another host was followed in calls of GitHub (without the token), and its 200 passed for GitHub's word: a check run or a status that was never set. Only redirects on the same host are followed now, and those that keep the method.",
  'A server fault of GitHub in a call that a run cannot do without (rollback, gate) had no advice.',
  'An import or export whose start got no answer five times warned five times of the same.',
  '**Open**: `@actions/http-client` (in `@actions/artifact`) gives the runtime token along when the artifact service leads to another host: its handler adds the header that it has just taken off.',
  '**Open**: `preview-cleanup` ends green with `nothing` where GitHub answers about a pull request with something that is none: nothing is deleted, but nobody learns why.',
  '**Open**: where the list of comments lacks the one that this run has just written, a second one is written, and the first still says that there is no verdict.',
];
