/** What the matrix has shown, and what became of it. */
export const FINDINGS: readonly string[] = [
  "A 409 for a page of one of GitHub's lists was read as the end of the list (Octokit does that): a rollback found no deployment, the gate no pull request, a comment was written a second time. It is a refusal now.",
  "A redirect to another host was followed in calls of GitHub (without the token), and its 200 passed for GitHub's word: a check run or a status that was never set. Only redirects on the same host are followed now, and those that keep the method.",
  'A server fault of GitHub in a call that a run cannot do without (rollback, gate) had no advice.',
  'An import or export whose start got no answer five times warned five times of the same.',
];
