import type { CatalogueEntry } from './entry.js';

/** Notes of a plan: nothing stops, but a person should know. */
export const planNoteEntries = {
  PLAN_BOX_REGISTRY: {
    title: 'The box comes from a registry that is closing',
    exit: 0,
    meaning: 'Vagrant downloads the box by its short name, which stops working after 2026-12-31.',
    why: 'The public Vagrant registry takes no new boxes any more and ends downloads on that day.',
    fix: [
      'Add the box while it can be had: vagrant box add <name> --provider virtualbox',
      'or name one from elsewhere in lab.yaml:  box: {name: …, url: …, checksum: …, family: apt}',
    ],
    source: 'https://github.com/hashicorp/vagrant/issues/13836',
  },
  PLAN_BOX_BAKED_GONE: {
    title: 'The lab’s baked box does not serve any more',
    exit: 0,
    meaning:
      'The lab was made with a baked box that Vagrant does not have any more, or that does not have inside what the lab needs now. Machines that are there stay as they are; those made from now on start from the ordinary box and install what they need.',
    why: 'The box was removed, the lab was edited, or this version of k8slab builds other boxes.',
    fix: [
      'k8slab box bake   # in the lab’s folder: a box that fits',
      'k8slab box list   # those that are there',
    ],
  },
  PLAN_BOX_BAKED_NONE: {
    title: 'No baked box fits the lab',
    exit: 0,
    meaning: 'A baked box was asked for, and none on this host has inside what the lab needs.',
    why: 'A box fits when it was baked from the same box, with the same versions and checksums, and with every image of the lab.',
    fix: [
      'k8slab box bake LAB   # with the same --bundle and --set',
      'k8slab box list   # those that are there',
    ],
  },
  PLAN_PROVIDER_CHOSEN: {
    title: 'Which provider was chosen, and why',
    exit: 0,
    meaning:
      '`provider: auto` takes the first by preference of those installed here, then of those that could run here.',
    why: 'VirtualBox and libvirt need hardware virtualisation; lxc needs Linux and root.',
    fix: ['provider: virtualbox   # to insist on one'],
  },
  PLAN_KUBERNETES_PATCH: {
    title: 'A Kubernetes patch release that is newer than this program',
    exit: 0,
    meaning: 'The version is used as written; its companions are those of the newest patch known.',
    why: 'Patch releases appear every month.',
    fix: ['Leave out the patch: version: "1.37"'],
  },
  PLAN_HOST_HIDDEN: {
    title: 'Pods cannot reach a network of the host',
    exit: 0,
    meaning: 'The pod or service range contains addresses of a network that this host is on.',
    why: 'Inside the cluster these addresses mean pods or Services. It matters only if pods should reach that network.',
    fix: ['Choose another podSubnet or serviceSubnet if they should.'],
  },
  PLAN_ENDPOINT_SINGLE: {
    title: 'Several control planes, one endpoint',
    exit: 0,
    meaning:
      'Clients and kubelets reach the API through one machine; when it stops, the others are not asked.',
    why: 'High availability needs a virtual address that moves.',
    fix: [
      'loadBalancer: static-pods',
      'loadBalancer: packages',
      'loadBalancer: kube-vip',
      'loadBalancers: 2',
    ],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/',
  },
  PLAN_NO_WORKERS: {
    title: 'Pods run on control planes',
    exit: 0,
    meaning: 'The lab has no workers, so its control planes carry no taint.',
    why: 'Otherwise every pod would stay Pending with "untolerated taint".',
    fix: ['workers: 1'],
  },
} satisfies Record<string, CatalogueEntry>;
