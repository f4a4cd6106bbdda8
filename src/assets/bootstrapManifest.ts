import { z } from 'zod';

/** A program of Kubernetes that a bootstrapper sets up. */
const program = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  on: z.enum(['cluster', 'control-planes']),
  /**
   * What starts it: systemd, by `/etc/systemd/system/<name>.service`, or the kubelet, by `/etc/kubernetes/manifests/<name>.yaml`.
   */
  runs: z.enum(['unit', 'static-pod']),
  /** Programs without which it ends. */
  needs: z.array(z.string()).default([]),
});
export type ProgramManifest = z.infer<typeof program>;

/** What `verify` has to know of a cluster that a bootstrapper made. */
export const bootstrapManifest = z.strictObject({
  /** Kubelet and DaemonSets aside. */
  programs: z.array(program),
  /**
   * Commands for root that put something right; `{address}` stands for the machine's, `{image}` for the image in question. What is
   * not named here, running the provisioner again puts right.
   */
  repairs: z
    .strictObject({
      /** On a control plane: CoreDNS is not there. */
      coredns: z.string().optional(),
      /** The kubelet registers another address; it is started anew afterwards. */
      nodeIp: z.string().optional(),
      /** The kubelet registers under another name; it is started anew afterwards. */
      kubeletName: z.string().optional(),
      /** Images that no container uses take up the disk. */
      unusedImages: z.string().optional(),
      /** An image is not there: fetches it, or says why it cannot be had. */
      pullImage: z.string().optional(),
    })
    .default({}),
  /**
   * The controller manager gives each node its range of pod addresses when these options have these values. Then every machine has
   * /etc/kubernetes/kube-proxy.conf, which may list nodes.
   */
  allocatesNodeRanges: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type BootstrapManifest = z.infer<typeof bootstrapManifest>;
