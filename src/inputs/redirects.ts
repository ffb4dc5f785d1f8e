export type RedirectsCommand = RedirectsTask['command'];

/** The inputs of `redirects`, checked and typed. */
export interface RedirectsInputs {
  storeHash: string;
  accessToken: string;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
  /** Absolute. */
  file: string;
  task: RedirectsTask;
  /** For all waits of the run together. */
  timeoutMs: number;
  /** Undefined: no comment is written. */
  githubToken: string | undefined;
  comment: boolean;
}

export type RedirectsTask =
  | { command: 'import'; allowFailedRows: number }
  | { command: 'export'; siteId: number | undefined; includeDynamicTargetUrls: boolean }
  | { command: 'plan' | 'sync'; siteId: number; delete: boolean; maxDeletes: number };
