import { createServer } from 'node:net';
import type { Cluster } from '../plan/cluster.js';
import { findLeftovers } from '../vagrant/leftovers.js';
import { listLabs } from '../write/labsRegistry.js';
import { boxDiagnosis } from './doctorBox.js';
import type { Diagnosis } from './doctor.js';
import { unreachableHosts } from './downloads.js';
import { commandLine } from './hostPrograms.js';

export interface HostQuestions {
  /** The lab's folder, where it has one. */
  folder?: string;
  /** Vagrant's version, where it is there. */
  vagrant?: string;
  env?: Record<string, string | undefined>;
}

/** What a lab needs of this host besides programs: its box, its downloads, the port that its bundle is served at, and its names. */
export async function hostDiagnoses(cluster: Cluster, questions: HostQuestions = {}): Promise<Diagnosis[]> {
  const found = await Promise.all([
    downloadsDiagnosis(cluster),
    portDiagnosis(cluster),
    leftoversDiagnosis(cluster, questions),
  ]);
  const box = boxDiagnosis(cluster, questions.vagrant, questions.env);
  return [box, ...found.flatMap((diagnosis) => diagnosis ?? [])];
}

/** Machines that a removed lab folder has left behind take memory, and their names. */
async function leftoversDiagnosis(
  cluster: Cluster,
  { folder, env }: HostQuestions,
): Promise<Diagnosis | undefined> {
  const others = (await listLabs()).filter((lab) => lab.folder !== folder);
  const leftovers = await findLeftovers(cluster, {
    others,
    ...(folder !== undefined && { folder }),
    ...(env && { env }),
  });
  if (leftovers.length === 0) return undefined;
  const names = leftovers.map(({ name }) => name).join(', ');
  return {
    title: 'Machines',
    state: 'warning',
    detail: `${cluster.provider} has machines of a lab ${cluster.name} that no lab on the list of yours has: ${names}`,
    // A person may be asked for a password.
    fix: leftovers.flatMap(({ remove }) =>
      remove.map((words) => commandLine(words).replace(/^sudo -n /, 'sudo ')),
    ),
  };
}

async function downloadsDiagnosis(cluster: Cluster): Promise<Diagnosis | undefined> {
  const title = 'Downloads';
  if (cluster.kubernetes === undefined) return undefined;
  if (cluster.bundle)
    return { title, state: 'ok', detail: `from the bundle ${cluster.bundle.location}`, fix: [] };
  if (cluster.box.baked) return { title, state: 'ok', detail: 'they are in the baked box', fix: [] };
  const lacking = await unreachableHosts(cluster, new AbortController().signal);
  if (lacking.length === 0) return { title, state: 'ok', detail: 'every host of them answers', fix: [] };
  return {
    title,
    state: 'warning',
    detail: `not reached: ${lacking.map(({ host, reason }) => `${host} (${reason})`).join(', ')}`,
    fix: ['k8slab bundle create --from modules --out <folder>', 'k8slab create … --bundle <folder>'],
  };
}

/** A bundle of this host is served on the lab's own network; a program that listens everywhere is in the way there, too. */
async function portDiagnosis({ bundle }: Cluster): Promise<Diagnosis | undefined> {
  const port = bundle?.port;
  if (port === undefined) return undefined;
  const taken = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve('code' in error && error.code === 'EADDRINUSE');
    });
    // Linux has all of 127.0.0.0/8; elsewhere nothing can be said.
    server.listen({ host: '127.0.0.2', port, exclusive: true }, () => {
      server.close(() => {
        resolve(false);
      });
    });
  });
  if (!taken) return { title: 'Port', state: 'ok', detail: `${port} is free for the bundle`, fix: [] };
  return {
    title: 'Port',
    state: 'warning',
    detail: `another program listens at port ${port} on every address, where the bundle is to be served`,
    fix: [
      'sudo ss --listening --tcp --processes',
      'k8slab bundle serve PATH --listen 0.0.0.0:8581   # and: k8slab create LAB --bundle http://ADDRESS:8581',
    ],
  };
}
