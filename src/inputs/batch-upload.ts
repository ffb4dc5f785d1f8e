/** The inputs of `batch-upload`, checked and typed. */
export interface BatchInputs {
  /** Undefined in a dry run alone, and there only where something of it is not given. */
  service: BatchService | undefined;
  /** Absolute, each once, in the order in which they are uploaded. */
  files: string[];
  /** Lower case. */
  batchRef: string | undefined;
  /** For all waits of the run together. */
  timeoutMs: number;
  pollIntervalMs: number;
  allowFailedRecords: number;
  split: boolean;
  dryRun: boolean;
}

export interface BatchService {
  /** Origin of the API: `https://api-engage-eu.sitecorecloud.io`. */
  origin: string;
  clientKey: string;
  apiToken: string;
}
