import { z } from 'zod';
import type { Cluster } from '../plan/cluster.js';
import {
  address,
  cidr,
  domainName,
  filePath,
  hostPort,
  labName,
  machineName,
  programFile,
  programName,
  variantName,
  version,
} from './patterns.js';

/**
 * The shape of a plan read back from a file. Unknown keys stay, so that a plan of a newer version can still be
 * judged as long as what the checks need is there. What advice repeats in commands is of a strict form: the file may be anybody's.
 */
const text = z.string().max(4096);
const options = z.record(text, z.union([text, z.number(), z.boolean()]));
const choice = z.looseObject({ name: variantName, version: version.exactOptional(), options });

const bootstrap = z.looseObject({
  ...choice.shape,
  programs: z
    .array(
      z.looseObject({
        name: programName,
        on: z.enum(['cluster', 'control-planes']),
        runs: z.enum(['unit', 'static-pod']),
        file: programFile,
        needs: z.array(programName).max(100),
      }),
    )
    .max(100)
    .exactOptional(),
  allocatesNodeRanges: z.literal(true).exactOptional(),
});

const secretGroup = z.union([
  z.enum(['node', 'control-plane', 'load-balancer', 'host']),
  z.templateLiteral(['machine-', z.string().max(63)]),
]);

const file = { path: text, group: secretGroup };
const secret = z.discriminatedUnion('kind', [
  z.looseObject({
    ...file,
    kind: z.enum(['bootstrap-token', 'private-key', 'public-key', 'password', 'encryption-configuration']),
  }),
  z.looseObject({ ...file, kind: z.literal('certificate-authority'), commonName: text.exactOptional() }),
  z.looseObject({
    ...file,
    kind: z.literal('certificate'),
    signedBy: text,
    commonName: text,
    organization: text.exactOptional(),
    usages: z.array(z.enum(['client', 'server'])),
    names: z.array(text).max(1000),
  }),
  z.looseObject({
    ...file,
    kind: z.literal('kubeconfig'),
    cluster: text,
    server: text,
    user: text,
    authority: text,
    certificate: text,
  }),
  z.looseObject({ ...file, kind: z.literal('copy'), of: text }),
]);

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
  name: machineName,
  role: z.enum(['control-plane', 'worker', 'load-balancer']),
  index: z.int(),
  address,
  mac: text,
  cpus: z.number(),
  memoryMiB: z.number(),
  diskGiB: z.number(),
  schedulable: z.boolean(),
  balancer: z
    .looseObject({
      vrrp: z.looseObject({ state: z.enum(['MASTER', 'BACKUP']), priority: z.int() }).exactOptional(),
    })
    .exactOptional(),
  podCidr: cidr.exactOptional(),
  podGateway: address.exactOptional(),
  routes: z.array(z.looseObject({ destination: cidr, via: address, machine: machineName })).max(1000),
  secretGroups: z.array(secretGroup).max(100),
  steps: z.array(step).max(200),
  settings: z.array(z.looseObject({ name: text, value: z.string().max(65_536), group: text })).max(1000),
  library: z.array(text).max(100),
});

const networking = z.looseObject({
  hostOnly: z.looseObject({
    cidr,
    prefix: z.int(),
    netmask: address,
    hostAddress: address,
    bridge: z.union([z.literal(''), programName]),
  }),
  nat: z.looseObject({ cidr, address: z.union([z.literal(''), address]) }),
  podSubnet: cidr,
  serviceSubnet: cidr,
  apiServiceAddress: address,
  dnsServiceAddress: address,
  dnsDomain: domainName,
  mtu: z.number().exactOptional(),
});

/** A plan as `plan --json`, `.k8slab/cluster.json` and saved snapshots hold it. */
export const clusterSchema: z.ZodType<Cluster> = z.looseObject({
  schema: z.literal(1),
  name: labName,
  description: text,
  provider: variantName,
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
  kubernetes: z.looseObject({ version, minor: version, nodeCidrMaskSize: z.int() }).exactOptional(),
  bootstrap,
  runtime: z.looseObject({
    ...choice.shape,
    service: z
      .looseObject({ unit: programName, program: programName, socket: filePath, storage: filePath })
      .exactOptional(),
  }),
  cni: choice,
  loadBalancer: z
    .looseObject({
      ...choice.shape,
      on: z.enum(['load-balancer', 'control-plane']),
      machines: z.array(machineName).max(200),
      port: z.int().exactOptional(),
      virtualRouterId: z.int().exactOptional(),
      images: z.array(text).max(1000),
    })
    .exactOptional(),
  networking,
  endpoint: z
    .looseObject({
      address,
      port: z.int(),
      hostPort,
      kind: z.enum(['control-plane', 'load-balancer', 'vip']),
      // Plans of earlier versions have no other.
      apiServerPort: z.int().default(6443),
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
