/** A check run as the gate leaves it to the deploy action. */
import type { Emulator } from '../../emulator/emulator.ts';

/** As the gate leaves it. */
export async function openCheckRun(emulator: Emulator, status = 'in_progress') {
  const { apiUrl, repository, token } = emulator.github;
  const head_sha = emulator.github.pullRequests[0]?.head.sha;
  const conclusion = status === 'completed' ? { conclusion: 'cancelled' } : {};
  const answer = await fetch(`${apiUrl}/repos/${repository}/check-runs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Shared preview', head_sha, status, ...conclusion }),
  });
  const { id } = (await answer.json()) as { id: number };
  return { id, inputs: { 'check-run-id': String(id) } };
}

export function checkRunOf(emulator: Emulator) {
  const [checkRun, ...others] = emulator.github.checkRuns;
  if (checkRun === undefined || others.length > 0) throw new Error('expected one check run');
  const { status, conclusion, output } = checkRun;
  return { status, conclusion, title: output.title, summary: output.summary };
}
