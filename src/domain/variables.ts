/** A variable of a deployment, as `POST /infrastructure/deployments` takes it (API document, section 1). */
export interface EnvironmentVariable {
  type: 'plain_text' | 'secret';
  key: string;
  value: string;
}

const SECRET_WORD =
  /(?:^|[_.-])(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:PRIVATE|API|ACCESS)[_.-]?KEY)S?(?:$|[_.-])/i;

/** Whether a variable's name says that its value is a secret. `NEXT_PUBLIC_…` is sent to every browser anyway. */
export function looksSecret(key: string): boolean {
  return !key.startsWith('NEXT_PUBLIC_') && SECRET_WORD.test(key);
}
