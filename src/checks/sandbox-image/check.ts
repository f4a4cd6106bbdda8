import type { Cluster } from '../../plan/cluster.js';
import { pullImage } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, word } from '../look.js';

/**
 * Every pod begins with this image. A runtime that lacks it asks the registry when the next pod starts: that is as planned where the
 * lab downloads, and the end of it where everything came from a bundle.
 */
export const check: Check = {
  id: 'sandbox-image',
  title: 'The image that holds every pod’s network is the planned one, and is there',
  layer: 'runtime',
  follows: { here: ['runtime', 'cri'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { runtime }): Finding[] => {
      const image = runtime?.sandboxImage;
      if (!image) return [];
      const planned = plannedImage(cluster);
      if (planned !== undefined && image.name !== planned)
        return [otherImage(name, runtime.name, image, planned)];
      if (image.present || !cluster.bundle) return [];
      return [missing(cluster, name, image.name)];
    }),
};

function plannedImage({ runtime }: Cluster): string | undefined {
  const { sandbox } = runtime.options;
  return typeof sandbox === 'string' && sandbox !== '' ? sandbox : undefined;
}

const otherImage = (
  machine: string,
  runtime: string,
  { name, present }: { name: string; present: boolean },
  planned: string,
): Finding => ({
  code: 'GUEST_SANDBOX_IMAGE_OTHER',
  severity: present ? 'warning' : 'failed',
  machine,
  message: `${runtime} on ${machine} begins pods with ${name}${present ? '' : ', which is not there'}; planned is ${planned}.`,
  evidence: [`sandbox image: ${name}, ${present ? 'on the machine' : 'not on the machine'}`],
  fix: [`k8slab provision ${machine}`],
});

/** A bundle of this host is served while machines are set up, and only then. */
const missing = (cluster: Cluster, machine: string, image: string): Finding => ({
  code: 'GUEST_SANDBOX_IMAGE_MISSING',
  severity: 'failed',
  machine,
  message: `${image}, with which every pod begins, is not on ${machine}: new pods stay in ContainerCreating.`,
  evidence: [`sandbox image: ${image}, not on the machine`],
  fix:
    cluster.bundle?.port === undefined
      ? pullImage(cluster, machine, word(image, 'image'))
      : [`k8slab provision ${machine}`],
});
