import type { Projects } from '../hosting/projects.ts';
import { labelOf } from '../hosting/projects.ts';
import type { Project } from '../hosting/records.ts';

/** The label of each project, the first part of its host: given once, it stays while the project is there. */
export class Labels {
  readonly #projects: Pick<Projects, 'list'>;
  readonly #given = new WeakMap<Project, string>();

  constructor(projects: Pick<Projects, 'list'>) {
    this.#projects = projects;
  }

  /** Of two projects whose names give the same label, the later one adds its id. */
  of(project: Project): string {
    this.#giveAll();
    return this.#give(project);
  }

  /** The project that has this label. */
  find(label: string): Project | undefined {
    this.#giveAll();
    return this.#projects.list.find((project) => this.#given.get(project) === label);
  }

  /** In the order of creation, whichever is asked for first. */
  #giveAll(): void {
    for (const project of this.#projects.list) this.#give(project);
  }

  #give(project: Project): string {
    const given = this.#given.get(project);
    if (given !== undefined) return given;
    const label = labelOf(project);
    const isTaken = this.#projects.list.some((one) => this.#given.get(one) === label);
    const own = isTaken ? `${label}-${project.uuid.slice(0, 8)}` : label;
    this.#given.set(project, own);
    return own;
  }
}
