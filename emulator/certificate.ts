import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

const LIFE_MS = 7 * 24 * 60 * 60 * 1000;

export interface Certificate {
  key: string;
  cert: string;
  /** PEM file of the certificate, for `NODE_EXTRA_CA_CERTS`. */
  path: string;
}

/** A certificate for the loopback names, made on the spot; it is its own authority. */
export async function createCertificate(directory: string): Promise<Certificate> {
  const now = Date.now();
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Clocks differ: a certificate from the future is refused.
    notBeforeDate: new Date(now - 60 * 60 * 1000),
    notAfterDate: new Date(now + LIFE_MS),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  const pem = new X509Certificate(cert).toString();
  const path = join(directory, 'certificate.pem');
  await writeFile(path, pem);
  return { key, cert: pem, path };
}
