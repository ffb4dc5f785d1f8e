import { ActionError, CancelledError } from '../../errors.ts';

/** What the gate cannot do without has failed: nobody can decide. The advice of a call may say nothing of what comes next. */
export function undecided(error: unknown): unknown {
  if (!(error instanceof ActionError) || error instanceof CancelledError) return error;
  const advice = error.fix ?? 'Look at https://www.githubstatus.com.';
  return new ActionError(`${error.message} Without it the gate cannot decide, and nothing is deployed.`, {
    title: error.title,
    fix: `${advice} Then run this job again.`,
    cause: error,
  });
}

export function missingToken(): ActionError {
  return new ActionError(
    '`github-token` is empty: the gate cannot decide without asking GitHub, and nothing is deployed.',
    {
      title: 'No GitHub token',
      fix: 'Leave the input out: the default is the token of the job.',
    },
  );
}

/** The end of a gate that was cancelled, in words of its own. */
export function cancelledGate(cause: unknown): CancelledError {
  return new CancelledError('The job was cancelled. The output `deploy` is `false`: this run deploys nothing.', {
    title: 'Preview gate cancelled',
    fix: 'Run the job again, or give the command again.',
    cause,
  });
}
