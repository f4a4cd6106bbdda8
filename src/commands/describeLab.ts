import type { Assets } from '../assets/manifests.js';
import { applySettings } from '../lab/parse.js';
import type { Description } from './planHere.js';
import { readLab } from './labText.js';

/** The flags by which a person names and changes a lab. */
export interface LabArguments {
  lab: string;
  provider?: string | undefined;
  set?: string[] | undefined;
  bundle?: string | undefined;
  baked?: boolean | undefined;
}

/** The description that `<lab>`, `--provider` and `--set` stand for together. */
export async function describe(argv: LabArguments, assets: Assets): Promise<Description> {
  const { text, file } = await readLab(argv.lab, assets);
  const changes = [
    ...(argv.provider === undefined ? [] : [`provider=${argv.provider}`]),
    ...(argv.set ?? []),
  ];
  return {
    file,
    text: changes.length === 0 ? text : applySettings(text, changes, file),
    ...(changes.length > 0 && { asked: { text, set: changes } }),
    ...(argv.bundle !== undefined && { bundle: argv.bundle }),
    ...(argv.baked !== undefined && { baked: argv.baked }),
  };
}
