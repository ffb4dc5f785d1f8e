/** GitHub's own language service: it reads workflows and `action.yml` files as GitHub's editor does. */
import type { ActionInputs } from '@actions/languageservice/action';
import { parse } from 'yaml';
import { type CheckedFile, isAction, isWorkflow } from './files.ts';
import type { Finding } from './tool.ts';

/** This repository's name, under any account: the placeholder becomes one at a release. */
const OUR_NAME = 'catalyst-deploy-action';

/**
 * Is told the inputs of this repository's actions, and leaves those of other ones alone. The package is loaded here, since
 * outside of a bundler it needs `json-modules.ts` before.
 */
export async function runLanguageService(files: readonly CheckedFile[]): Promise<Finding[]> {
  const [{ validate }, { TextDocument }] = await Promise.all([
    import('@actions/languageservice'),
    import('vscode-languageserver-textdocument'),
  ]);
  const inputs = new Map(files.filter(isAction).map((file) => [file.path, readInputs(file.text)]));
  const findings: Finding[] = [];
  for (const file of files.filter((one) => isAction(one) || isWorkflow(one))) {
    const document = TextDocument.create(`file:///${file.path}`, 'yaml', 1, file.text);
    const diagnostics = await validate(document, {
      actionsMetadataProvider: {
        fetchActionMetadata: async ({ name, path }) => {
          if (name !== OUR_NAME) return { name, description: '' };
          const known = inputs.get(path === undefined || path === '' ? 'action.yml' : `${path}/action.yml`);
          return known && { name, description: '', inputs: known };
        },
      },
    });
    for (const { range, code, message } of diagnostics) {
      const rule = code === undefined ? 'syntax' : String(code);
      const words = typeof message === 'string' ? message : message.value;
      findings.push({ tool: 'languageservice', path: file.path, line: range.start.line + 1, rule, message: words });
    }
  }
  return findings;
}

function readInputs(text: string): ActionInputs {
  return (parse(text) as { inputs?: ActionInputs }).inputs ?? {};
}
