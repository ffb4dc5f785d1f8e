// Packages a folder as `catalyst deploy` 1.4.1 does (generateBundleZip in its dist/cli.js).
// Arguments: the folder whose node_modules has adm-zip, the folder, the zip.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , packages, source, destination] = process.argv;
const AdmZip = createRequire(join(packages, 'package.json'))('adm-zip');
const zip = new AdmZip();
zip.addLocalFolder(source, 'output');
zip.writeZip(destination);
