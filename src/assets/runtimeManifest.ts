import { z } from 'zod';

const place = z.string().regex(/^(\/[A-Za-z0-9._-]+)+$/);

/** Where the program of a folder of `provision-scripts/runtime/` is found on a machine. */
export const runtimeManifest = z.strictObject({
  /** Unit of systemd, without `.service`. */
  unit: z.string().regex(/^[a-z0-9-]+$/),
  program: z.string().regex(/^[a-z0-9-]+$/),
  /** Socket that the kubelet talks to (CRI). */
  socket: place,
  /** Folder with its images and containers. */
  storage: place,
});
export type RuntimeManifest = z.infer<typeof runtimeManifest>;
