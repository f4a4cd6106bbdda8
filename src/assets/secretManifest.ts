import { z } from 'zod';

/**
 * Something that is made with the lab, on the host, and kept below `.k8slab/secrets/`. `path` is that of its files without
 * `.crt`, `.key` or `.pub`. Its first folder says which machines receive it: `node`, `control-plane`, `load-balancer`,
 * `machine-{machine}` (that one alone), or `host`, which none does.
 *
 * With `each`, there is one for every such machine. `{machine}` and `{address}` stand for it; `{cluster}`, `{endpoint}` and
 * `{dnsDomain}` for those of the lab.
 */
const common = {
  path: z.string().regex(/^(node|control-plane|load-balancer|host|machine-\{machine\})\/[a-z0-9{}./-]+$/),
  each: z.enum(['cluster', 'control-planes', 'workers', 'load-balancers']).optional(),
};

/** A name or an address; `{controlPlanes}` and `{loadBalancers}` stand for the names and addresses of all of them. */
const subjectName = z.string();

export const secretManifest = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('authority'), commonName: z.string() }),
  z.strictObject({ ...common, kind: z.literal('key-pair') }),
  z.strictObject({
    ...common,
    kind: z.literal('certificate'),
    /** Path of the authority. */
    signedBy: z.string(),
    commonName: z.string(),
    organization: z.string().optional(),
    usages: z.array(z.enum(['client', 'server'])).min(1),
    names: z.array(subjectName).default([]),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('kubeconfig'),
    authority: z.string(),
    certificate: z.string(),
    server: z.string(),
    user: z.string(),
  }),
  /** EncryptionConfiguration for the API server, with a new key. */
  z.strictObject({ ...common, kind: z.literal('encryption-configuration') }),
  z.strictObject({ ...common, kind: z.literal('copy'), of: z.string() }),
]);
export type SecretManifest = z.infer<typeof secretManifest>;
