import type { ServiceContext } from '../../service.ts';
import { StoreApi } from '../../store-api.ts';
import type { Storage } from '../storage/storage.ts';
import { Deployments } from './deployments.ts';
import type { HostingSettings } from './options.ts';
import { Projects } from './projects.ts';

/** The state of the store's hosting. */
export class Hosting {
  readonly api: StoreApi;
  readonly projects: Projects;
  readonly deployments: Deployments;
  /** Where the bundles are. */
  readonly storage: Storage;
  readonly context: ServiceContext;

  constructor(context: ServiceContext, storage: Storage, settings: HostingSettings) {
    this.context = context;
    this.storage = storage;
    this.api = new StoreApi(settings);
    this.projects = new Projects(settings.projectLimit);
    for (const name of settings.projects) this.projects.add(name);
    this.deployments = new Deployments({
      stepMs: context.stepMs,
      limits: settings.limits,
      holdAt: settings.holdDeploymentsAt,
      kept: context.keptRecords,
      assignHostnames: (projectUuid) => this.projects.assignHostnames(projectUuid),
      onChange: settings.onDeploymentChange,
    });
  }
}
