import { z } from 'zod';
import type { Assets } from '../assets/manifests.js';
import { boxSchema } from './schema/box.js';
import { networkingSchema } from './schema/networking.js';
import { roleSchema } from './schema/roles.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A variant by name, or by name with options; the options are checked against its manifest afterwards. */
function choiceSchema(folders: Readonly<Record<string, unknown>>, description: string, defaultName: string) {
  const name = z.enum(Object.keys(folders));
  return z
    .union([
      name.describe(`${description}.`),
      z.object({ name: name.describe(`${description}.`).optional() }).catchall(scalar),
    ])
    .optional()
    .meta({ description: `${description}, by name or with its options.`, default: defaultName });
}

function buildSchema(assets: Assets) {
  return z
    .strictObject({
      name: z
        .string()
        .optional()
        .meta({
          description:
            'Name of the lab: lower-case letters, digits and hyphens, at most 40. Default: its shape, such as 1cp-2w.',
          examples: ['1cp-2w', 'my-lab'],
        }),
      description: z
        .string()
        .optional()
        .meta({ description: 'One line about the lab, at most 200 characters.' }),
      provider: choiceSchema(
        { auto: {}, ...assets.providers },
        'What runs the machines (auto: the first one that works on this host)',
        'auto',
      ),
      box: boxSchema(assets),
      kubernetes: z
        .strictObject({
          version: z
            .string()
            .optional()
            .meta({
              description:
                'Minor or full version, in quotes: an unquoted 1.30 is the number 1.3. Default: the newest.',
              examples: ['1.37', '1.37.1'],
            }),
        })
        .optional()
        .meta({ description: 'Kubernetes itself.' }),
      bootstrap: choiceSchema(assets.bootstraps, 'What makes a cluster of the machines', 'kubeadm'),
      runtime: choiceSchema(assets.runtimes, 'Container runtime', 'containerd'),
      cni: choiceSchema(assets.cnis, 'Pod network (CNI)', 'calico'),
      loadBalancer: choiceSchema(
        assets.loadBalancers,
        'What gives several control planes one address',
        'none; packages with loadBalancers',
      ),
      networking: networkingSchema,
      controlPlanes: roleSchema('control planes', 10, { count: 1, cpus: 2, memory: '2GiB' }),
      workers: roleSchema('workers', 89, { count: 0, cpus: 1, memory: '1536MiB' }),
      loadBalancers: roleSchema('load balancers', 10, { count: 0, cpus: 1, memory: '512MiB' }),
    })
    .meta({ title: 'k8slab lab', description: 'A lab: which machines, which Kubernetes, which networks.' });
}

const built = new WeakMap<Assets, ReturnType<typeof buildSchema>>();

/**
 * The shape of a lab file as a person writes it: names and types only, every field optional.
 * What values mean together is checked by the rules. Providers, boxes, runtimes, CNIs, bootstrappers and load
 * balancers are those the assets have.
 */
export function labSchema(assets: Assets): ReturnType<typeof buildSchema> {
  const schema = built.get(assets) ?? buildSchema(assets);
  built.set(assets, schema);
  return schema;
}

/** A lab file's content after `labSchema`. */
export type WrittenLab = z.infer<ReturnType<typeof labSchema>>;
