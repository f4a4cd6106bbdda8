import { z } from 'zod';

/**
 * A bundle: a folder laid out as a mirror of the hosts a lab downloads from.
 *
 *     bundle.json            this document
 *     files/<host>/<path>    downloads, at the path they have upstream
 *     oci/                   an OCI image layout; every image under the name the cluster asks for
 */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const bundleDocument = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  /** `upstream`: as the projects publish it; `modules`: built from Go modules. */
  from: z.enum(['upstream', 'modules']),
  /** One platform a bundle: linux/amd64 or linux/arm64. */
  platform: z.string().regex(/^linux\/(amd64|arm64)$/),
  /** Component to version without `v`: kubernetes, containerd, calico, flannel, … */
  versions: z.record(z.string(), z.string()),
  files: z.array(
    z.strictObject({
      /** Below the bundle's folder, with forward slashes: files/pkgs.k8s.io/core:/stable:/v1.36/deb/Packages */
      path: z.string(),
      size: z.int(),
      sha256,
      /** Where it came from: a URL, or module@version. */
      origin: z.string(),
    }),
  ),
  images: z.array(
    z.strictObject({
      /** Full name with tag: registry.k8s.io/kube-apiserver:v1.36.3 */
      name: z.string(),
      /** Of its manifest in oci/. */
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      size: z.int(),
      origin: z.string(),
    }),
  ),
  /** Package repositories that are signed by another key than upstream's: repository URL to full fingerprint. */
  keys: z.record(z.string(), z.string().regex(/^[0-9A-F]{40}$/)),
});

export type Bundle = z.infer<typeof bundleDocument>;
