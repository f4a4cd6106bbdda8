import { z } from 'zod';

/** Of a folder, or of something in one. */
export const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
/** Of distributions, by their package manager. */
export const family = z.enum(['apt', 'dnf']);
export const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One option of a CNI, runtime or bootstrapper, as a lab may set it. */
export const option = z.strictObject({
  description: z.string(),
  type: z.enum(['string', 'integer', 'boolean']),
  /** Allowed values, when they can be listed. */
  values: z.array(scalar).optional(),
  default: scalar,
  /** By value: what other options of the folder must then be, and are where the lab does not say. */
  implies: z.record(z.string(), z.record(z.string(), scalar)).optional(),
});
export type OptionManifest = z.infer<typeof option>;
