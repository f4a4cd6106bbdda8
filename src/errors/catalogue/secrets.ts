import type { CatalogueEntry } from './entry.js';

/** The lab's certificate authorities, keys and token, made once and kept. */
export const secretEntries = {
  PLAN_SECRET_KEY_MISSING: {
    title: 'A key of this lab is missing',
    exit: 2,
    meaning:
      'The certificate or public key is there, its private key is not; a new one would not fit the running cluster.',
    why: 'The file was removed, or the folder was copied without it.',
    fix: [
      'Put the file back from a backup.',
      'For a new cluster with new keys:',
      'k8slab destroy',
      'rm -r .k8slab/secrets',
      'k8slab render',
      'k8slab up',
    ],
  },
  PLAN_SECRET_MISMATCH: {
    title: 'A certificate and its key do not belong together',
    exit: 2,
    meaning: 'The public key in the certificate is not that of the private key beside it.',
    why: 'One of the two files was replaced, for instance by that of another lab.',
    fix: [
      'Put the files back from a backup.',
      'For a new cluster with new keys:',
      'k8slab destroy',
      'rm -r .k8slab/secrets',
      'k8slab render',
      'k8slab up',
    ],
  },
  PLAN_SECRET_INVALID: {
    title: 'A secret of this lab cannot be read',
    exit: 2,
    meaning: 'The file is there, but its content is not what its name says.',
    why: 'It was cut off or edited.',
    fix: [
      'Put the file back from a backup.',
      'A token or password: remove the file, and `k8slab render` makes a new one.',
    ],
  },
} satisfies Record<string, CatalogueEntry>;
