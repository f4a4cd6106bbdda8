import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { K8slabError } from '../errors/error.js';
import { mergeKubeconfig } from '../secrets/mergeKubeconfig.js';
import { labPaths } from '../write/labFolder.js';
import { ensureFolder } from '../write/atomic.js';
import { writePrivate } from '../write/secretsStore.js';
import type { Context, Status } from './context.js';
import { openLab } from './openLab.js';

/** Prints where the lab's kubeconfig lies, or adds it to the person's own. */
export async function kubeconfig(
  argv: { dir?: string | undefined; merge: boolean },
  context: Context,
): Promise<Status> {
  const lab = await openLab(argv.dir);
  if (lab.cluster.kubernetes === undefined) {
    throw new K8slabError('LAB_NO_KUBERNETES', `The lab ${lab.cluster.name} has no Kubernetes.`);
  }
  const own = labPaths(lab.folder).kubeconfig;
  if (!argv.merge) {
    context.result({ kubeconfig: own, context: lab.cluster.name });
    if (!context.json) context.say(own);
    return 0;
  }
  const target =
    (process.env.KUBECONFIG ?? '').split(delimiter).find(Boolean) ?? join(homedir(), '.kube', 'config');
  const merged = mergeKubeconfig(await textOf(target), await readFile(own, 'utf8'), target);
  if (target === join(homedir(), '.kube', 'config')) await ensureFolder(join(homedir(), '.kube'), 0o700);
  await writePrivate(target, merged);
  context.result({ kubeconfig: target, context: lab.cluster.name });
  context.say(`${target} now holds the context ${lab.cluster.name}, and it is the current one.`);
  context.say('What now?  kubectl get nodes');
  return 0;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
