import { Archiver } from 'archiver';
import { ZipFormat } from './zip-format.ts';

/**
 * archiver with the zip format of this project, attached in the way of its own formats (`ZipArchive` and `TarArchive` in
 * archiver's index.js). Its queue takes the files, in their order; what comes out of it is the zip.
 */
export class BundleArchive extends (Archiver as unknown as AttachableArchiver) {
  constructor() {
    super();
    this._format = 'zip';
    this._module = new ZipFormat();
    this._modulePipe();
  }
}

/** What archiver's types do not tell, and its own formats use. */
type AttachableArchiver = new () => Archiver & { _format: string; _module: object; _modulePipe(): void };
