import { z } from 'zod';

const cidrPattern = String.raw`^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$`;

/** Ranges and names; the values themselves are checked by rules, which say more than a pattern can. */
export const networkingSchema = z
  .strictObject({
    hostOnlySubnet: z
      .string()
      .optional()
      .meta({
        description:
          'Range of the machines’ own addresses, a private /24; auto: the first free one of 192.168.56.0/21.',
        default: 'auto',
        examples: ['auto', '192.168.57.0/24'],
      }),
    podSubnet: z.string().optional().meta({
      description: 'Range the pods’ addresses come from; each node gets a part of it (nodeCidrMaskSize).',
      default: '10.244.0.0/16',
      pattern: cidrPattern,
    }),
    serviceSubnet: z.string().optional().meta({
      description: 'Range of the Services’ cluster addresses.',
      default: '10.96.0.0/12',
      pattern: cidrPattern,
    }),
    dnsDomain: z.string().optional().meta({
      description: 'Domain of the Services’ names.',
      default: 'cluster.local',
    }),
    nodeCidrMaskSize: z.int().min(16).max(28).optional().meta({
      description: 'Prefix length of each node’s part of podSubnet: 24 gives every node 254 pod addresses.',
      default: 24,
    }),
    mtu: z
      .union([z.literal('auto'), z.int()])
      .optional()
      .meta({
        description: 'Largest packet of the pod network in bytes, 576 to 9000; auto: the CNI finds it out.',
        default: 'auto',
        examples: ['auto', 1450],
      }),
    virtualAddress: z
      .string()
      .optional()
      .meta({
        description:
          'Address under which several control planes are one API, .2 to .99: whole when hostOnlySubnet is written, or the last number alone; auto: the last free one.',
        default: 'auto',
        examples: ['auto', '.9', '192.168.56.9'],
      }),
    endpointPort: z
      .union([z.literal('auto'), z.int()])
      .optional()
      .meta({
        description:
          'Port on which clients reach the API; auto: apiServerPort, but 8443 where haproxy runs beside an API server.',
        default: 'auto',
        examples: ['auto', 8443],
      }),
    apiServerPort: z.int().optional().meta({
      description: 'Port on which each API server listens.',
      default: 6443,
    }),
  })
  .optional()
  .meta({ description: 'Ranges and names of the networks.' });
