import type { CatalogueEntry } from './entry.js';

/** About labs as a person names them on the command line, and the folders they live in. */
export const folderEntries = {
  LAB_NOT_FOUND: {
    title: 'There is no such lab',
    exit: 2,
    meaning: 'The argument is not a preset, not of the form <n>cp-<n>w, and no file of that name exists.',
    why: 'Usually a misspelling, or a relative path from another folder.',
    fix: ['k8slab list'],
  },
  LAB_UNREADABLE: {
    title: 'The lab file cannot be read',
    exit: 2,
    meaning: 'The file exists, but the system refuses to open it.',
    why: 'Its permissions, or those of a folder above it, do not allow you to read it; or it is not a file.',
    fix: ['Check the permissions of the file and of its folder.'],
  },
  LAB_NO_FOLDER: {
    title: 'This is not a lab folder',
    exit: 2,
    meaning:
      'The command works on a lab folder, and neither the folder it was given nor one above it is one.',
    why: 'A lab folder is made by k8slab create; it holds lab.yaml and .k8slab/.',
    fix: ['cd into the lab folder, or add --dir <lab folder>', 'k8slab create 1cp-2w'],
  },
  LAB_NO_KUBERNETES: {
    title: 'This lab has no Kubernetes',
    exit: 2,
    meaning: 'The lab was described with `bootstrap: none`: its machines run containers, and no cluster.',
    why: 'kubectl and kubeconfig need a cluster.',
    fix: ['k8slab ssh <machine>', 'k8slab create 1cp-2w      # a lab with a cluster'],
  },
  LAB_MACHINE_LOST: {
    title: 'A machine that exists would drop out of the lab',
    exit: 2,
    meaning: 'The edited lab.yaml no longer has a machine that was created. Nothing was changed.',
    why: 'Once its description is gone, nothing would ever stop or delete that machine.',
    fix: ['k8slab destroy <machine>', 'or put the machine back into lab.yaml'],
  },
  LAB_KUBECONFIG: {
    title: 'Your kubeconfig cannot be merged with',
    exit: 2,
    meaning: 'The file that would receive the lab’s context is not a kubeconfig. It was not changed.',
    why: 'It is not valid YAML, or its clusters, contexts or users are not lists.',
    fix: ['Repair the file, or use the lab’s own: export KUBECONFIG="$(k8slab kubeconfig)"'],
    source: 'https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/',
  },
  LAB_UNKNOWN_CODE: {
    title: 'No such error or finding',
    exit: 2,
    meaning: 'The catalogue has no page of that name.',
    why: 'A misspelling, or a code of another version of k8slab.',
    fix: ['k8slab explain'],
  },
} satisfies Record<string, CatalogueEntry>;
