import { loadAssets } from '../assets/load.js';
import { K8slabError, K8slabErrors } from '../errors/error.js';
import { errorToJson, formatError } from '../errors/format.js';
import { parseLab } from '../lab/parse.js';
import type { Context, Status } from './context.js';
import { readLab } from './labText.js';

/** Checks each file by itself; every mistake of every file is reported. */
export async function validate(argv: { file: string[] }, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const results = [];
  for (const file of argv.file) {
    const result = { file, errors: [] as K8slabError[], warnings: [] as string[] };
    try {
      const lab = await readLab(file, assets);
      result.warnings = parseLab(lab.text, lab.file, assets).warnings.map(({ message }) => message);
    } catch (error) {
      result.errors = [...mistakes(error)];
    }
    results.push(result);
  }
  for (const { file, errors, warnings } of results) {
    if (errors.length === 0) context.say(`${context.palette.green('✓')} ${file}`);
    for (const warning of warnings) context.say(`  ${context.palette.yellow('!')} ${warning}`);
    for (const error of errors) context.say(`${formatError(error, context.palette)}\n`);
  }
  context.result(results.map((result) => ({ ...result, errors: result.errors.map(errorToJson) })));
  return results.some(({ errors }) => errors.length > 0) ? 2 : 0;
}

function mistakes(error: unknown): readonly K8slabError[] {
  if (error instanceof K8slabErrors) return error.errors;
  if (error instanceof K8slabError) return [error];
  throw error;
}
