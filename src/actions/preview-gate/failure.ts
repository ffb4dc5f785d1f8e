import { ActionError, CancelledError } from '../../errors.ts';

/** A call that the decision depends on has failed. Its own advice may not say what to do next. */
export function undecided(error: unknown): unknown {
  if (!(error instanceof ActionError) || error instanceof CancelledError) return error;
  const advice = error.fix ?? 'Look at https://www.githubstatus.com.';
  return new ActionError(`${error.message} Without it the gate cannot decide.`, {
    title: error.title,
    topic: error.topic,
    isRequest: error.isRequest,
    fix: `${advice} Then run this job again.`,
    cause: error,
  });
}

export function missingToken(): ActionError {
  return new ActionError('`github-token` is empty: the gate cannot decide without asking GitHub.', {
    topic: 'a-permission-is-missing-on-github',
    title: 'No GitHub token',
    fix: 'Leave the input out: the default is the token of the job.',
  });
}

/** The end of a gate that was cancelled, in the gate's own words. */
export function cancelledGate(cause: unknown): CancelledError {
  return new CancelledError('The job was cancelled. The output `deploy` is `false`: this run deploys nothing.', {
    topic: 'cancelled',
    title: 'Preview gate cancelled',
    fix: 'Run the job again, or give the command again.',
    cause,
  });
}
