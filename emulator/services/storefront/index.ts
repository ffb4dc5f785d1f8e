import { createErrorAnswer } from '../../answers.ts';
import type { ServiceContext } from '../../service.ts';
import { defineService } from '../../service.ts';
import { hosting } from '../hosting/index.ts';
import { workerLogs } from '../worker-logs/index.ts';
import { storefrontCli } from './cli.ts';
import { STOREFRONT_CONTROL } from './control.ts';
import type { StorefrontMembers } from './members.ts';
import type { ServeBehavior, StorefrontOptions } from './options.ts';
import { createStorefrontSettings } from './options.ts';
import { Storefronts } from './storefronts.ts';

/** Serves what was deployed, on a port of its own, with miniflare. It has no API, and does nothing unless `serve` is set. */
export const storefront = defineService({
  name: 'storefront',
  owner: 'BigCommerce',
  endpoints: [],
  faults: [],
  cli: storefrontCli,
  control: STOREFRONT_CONTROL,
  start: (context: ServiceContext, options: StorefrontOptions) => {
    const settings = createStorefrontSettings(options);
    const behavior: ServeBehavior = {
      allow: settings.serveAllow,
      delayMs: settings.serveDelayMs,
      oldForMs: settings.serveOldForMs,
      broken: settings.serveBroken,
    };
    const { projects, deployments } = hosting.of(context);
    const { logs } = workerLogs.of(context);
    const { serveStartLimitMs: startLimitMs, onServeNote: note = () => {} } = settings;
    const served = new Storefronts({ context, projects, logs, behavior, startLimitMs, note });
    if (settings.serve) {
      logs.hasWorkers = true;
      projects.nameHostsBy((project) => served.nameHost(project));
      deployments.beforeCompleted((...deployed) => served.deploy(...deployed));
      projects.onDeleted(({ uuid }) => served.remove(uuid));
    }
    const storefronts: StorefrontMembers = {
      isServing: settings.serve,
      addressOf: (projectUuid) => {
        const project = projects.find(projectUuid);
        return settings.serve && project !== undefined ? `http://${served.nameHost(project)}` : undefined;
      },
      servedDeployment: (projectUuid) => served.servedDeployment(projectUuid),
      denied: served.denied,
      waitForBuild: (deploymentUuid) => served.waitForBuild(deploymentUuid),
      configure: (change) => served.configure(change),
    };
    return {
      members: { storefronts },
      ready: () => (settings.serve ? served.open(settings.servePort) : Promise.resolve()),
      answer: () => createErrorAnswer(404, 'Storefronts have a port of their own.'),
      close: () => served.close(),
    };
  },
});
