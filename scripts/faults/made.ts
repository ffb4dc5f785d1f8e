import type { Emulator } from '../../emulator/emulator.ts';

/** How much there is of what must not be made twice. */
export type Made = Readonly<Record<string, number>>;

export function countMade(emulator: Emulator): Made {
  return {
    'GitHub deployments': emulator.github.deployments.length,
    comments: emulator.github.comments.length,
    'check runs': emulator.github.checkRuns.length,
    artifacts: emulator.artifacts.list.filter(({ finalized }) => finalized).length,
    projects: emulator.projects.length,
    deployments: emulator.deployments.length,
    jobs: emulator.redirects.jobs.length,
    batches: emulator.sitecore.list.length,
  };
}
