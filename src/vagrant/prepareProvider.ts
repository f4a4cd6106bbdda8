import { join } from 'node:path';
import { ensureBuiltBox } from '../box/builtBox.js';
import { logFile, shownLog, type LabContext } from './lab.js';
import type { Reporter } from './progress.js';

export interface PrepareOptions {
  lab: LabContext;
  /** Absolute path of the package's `box-templates`. */
  boxTemplates: string;
  report: Reporter;
  signal: AbortSignal;
}

/**
 * What a host needs once before a lab's first machine can boot: the box, where it is built here rather than
 * downloaded. The network is the provider's hooks' business. Throws VAGRANT_BOX_BUILD_FAILED and Vagrant's errors.
 */
export async function prepareProvider({ lab, boxTemplates, report, signal }: PrepareOptions): Promise<void> {
  const { box, provider } = lab.cluster;
  if (box.build === undefined) return;
  await ensureBuiltBox({
    name: box.name,
    provider,
    recipe: join(boxTemplates, provider, box.build.recipe),
    ...(lab.env === undefined ? {} : { env: lab.env }),
    ...(lab.patience === undefined ? {} : { patience: lab.patience }),
    logFile: logFile(lab, 'box'),
    shownLog: shownLog('box'),
    report,
    signal,
  });
}
