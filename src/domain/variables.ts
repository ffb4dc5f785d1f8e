/** A variable of a deployment, as `POST /infrastructure/deployments` takes it (API document, section 1). */
export interface EnvironmentVariable {
  type: 'plain_text' | 'secret';
  key: string;
  value: string;
}
