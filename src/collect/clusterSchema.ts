import { z } from 'zod';
import type { Cluster } from '../plan/cluster.js';

/**
 * The shape of a plan read back from a file. Unknown keys stay, so that a plan of a newer version can still be
 * judged as long as what the checks need is there.
 */
const text = z.string().max(4096);
const options = z.record(text, z.union([text, z.number(), z.boolean()]));
const choice = z.looseObject({ name: text, version: text.exactOptional(), options });

const secret = z.looseObject({
  path: text,
  group: z.enum(['node', 'control-plane', 'load-balancer']),
  kind: z.enum(['bootstrap-token', 'certificate-authority', 'private-key', 'public-key', 'password']),
});

const step = z.looseObject({
  number: z.int(),
  id: text,
  title: text,
  why: text,
  link: text,
  script: text,
  files: z.array(z.looseObject({ name: text, template: text })).max(100),
});

const machine = z.looseObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is not a name of a machine'),
  role: z.enum(['control-plane', 'worker', 'load-balancer']),
  index: z.int(),
  address: z.ipv4(),
  mac: text,
  cpus: z.number(),
  memoryMiB: z.number(),
  diskGiB: z.number(),
  schedulable: z.boolean(),
  podCidr: z.cidrv4().exactOptional(),
  podGateway: z.ipv4().exactOptional(),
  routes: z.array(z.looseObject({ destination: z.cidrv4(), via: z.ipv4(), machine: text })).max(1000),
  secretGroups: z.array(z.enum(['node', 'control-plane', 'load-balancer'])),
  steps: z.array(step).max(200),
  settings: z.array(z.looseObject({ name: text, value: z.string().max(65_536), group: text })).max(1000),
  library: z.array(text).max(100),
});

const networking = z.looseObject({
  hostOnly: z.looseObject({
    cidr: text,
    prefix: z.int(),
    netmask: text,
    hostAddress: text,
    bridge: text,
  }),
  nat: z.looseObject({ cidr: text, address: text }),
  podSubnet: text,
  serviceSubnet: text,
  apiServiceAddress: text,
  dnsServiceAddress: text,
  dnsDomain: text,
  mtu: z.number().exactOptional(),
});

/** A plan as `plan --json`, `.k8slab/cluster.json` and saved snapshots hold it. */
export const clusterSchema: z.ZodType<Cluster> = z.looseObject({
  schema: z.literal(1),
  name: text,
  description: text,
  provider: text,
  box: z.looseObject({
    key: text,
    name: text,
    family: z.enum(['apt', 'dnf']),
    version: text.exactOptional(),
    url: text.exactOptional(),
    checksum: z.looseObject({ type: z.enum(['sha256', 'sha512']), value: text }).exactOptional(),
    build: z.looseObject({ recipe: text }).exactOptional(),
    user: text,
  }),
  kubernetes: z.looseObject({ version: text, minor: text, nodeCidrMaskSize: z.int() }).exactOptional(),
  bootstrap: choice,
  runtime: choice,
  cni: choice,
  networking,
  endpoint: z
    .looseObject({
      address: text,
      port: z.int(),
      hostPort: text,
      kind: z.enum(['control-plane', 'load-balancer', 'vip']),
    })
    .exactOptional(),
  machines: z.array(machine).max(200),
  sources: z
    .array(
      z.looseObject({
        id: text,
        kind: z.enum(['file', 'apt-repository', 'dnf-repository', 'image-registry']),
        url: text,
        arch: text.exactOptional(),
        sha256: text.exactOptional(),
        keyFingerprint: text.exactOptional(),
        keyUrl: text.exactOptional(),
        version: text.exactOptional(),
      }),
    )
    .max(1000),
  images: z.array(text).max(1000),
  secrets: z.array(secret).max(1000),
  ports: z
    .array(
      z.looseObject({
        on: z.enum(['control-plane', 'worker', 'load-balancer', 'all']),
        port: text,
        protocol: z.enum(['tcp', 'udp', 'ip']),
        what: text,
      }),
    )
    .max(1000),
  totals: z.looseObject({
    machines: z.number(),
    cpus: z.number(),
    memoryMiB: z.number(),
    diskGiB: z.number(),
  }),
  warnings: z.array(z.looseObject({ code: text, message: text })).max(1000),
});
