import type { RunningService, Service, ServiceContext } from './service.ts';

/** Starts all of them, or none: where one fails, those that have started are closed, and its error is thrown. */
export async function startServices(
  services: readonly Service[],
  context: ServiceContext,
  options: object,
  running: Map<Service, RunningService>,
): Promise<void> {
  try {
    for (const service of services) running.set(service, service.start(context, options));
    await Promise.all([...running.values()].map((service) => service.ready?.()));
  } catch (error) {
    await closeServices(running);
    throw error;
  }
}

export async function closeServices(running: ReadonlyMap<Service, RunningService>): Promise<void> {
  await Promise.all([...running.values()].map((service) => service.close?.()));
}
