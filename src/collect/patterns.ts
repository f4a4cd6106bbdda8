import { z } from 'zod';

/**
 * What a saved file may say where advice repeats it: a saved file can be anybody's, and people copy the commands of a report into
 * their shell. Each is as narrow as what a plan or a machine has there.
 */

const matching = (pattern: RegExp, what: string): z.ZodString =>
  z.string().max(4096).regex(pattern, `is not ${what}`);

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';

/** Of a machine: a DNS label. Source: RFC 1123. */
export const machineName = matching(new RegExp(`^${label}$`), 'a name of a machine');

export const labName = matching(new RegExp(`^${label}$`), 'a name of a lab');

/** Of a variant: a folder of the package, such as a runtime, or a provider. */
export const variantName = matching(/^[a-z0-9][a-z0-9-]*$/, 'a name of a runtime, network or the like');

/** As the API takes it: a DNS name. Source: kubernetes.io, "Object Names and IDs". */
export const nodeName = matching(new RegExp(`^${label}(\\.${label})*$`), 'a name of a node');

export const domainName = matching(new RegExp(`^${label}(\\.${label})*$`), 'a DNS name');

/** Of a unit of systemd without its ending, or of a program. */
export const programName = matching(/^[a-z0-9][a-z0-9-]*$/, 'a name of a program');

/** What starts a program of Kubernetes: a unit, or a static pod's manifest. */
export const programFile = matching(
  /^\/etc\/(systemd\/system\/[a-z0-9-]+\.service|kubernetes\/manifests\/[a-z0-9-]+\.yaml)$/,
  'a file of a unit or a static pod',
);

/** Absolute, and below one folder at least; no `..` among its parts. */
export const filePath = matching(
  /^(\/(?!\.\.?(\/|$))[A-Za-z0-9_.-]+){2,}$/,
  'an absolute path of letters, digits, `.`, `_` and `-`',
);

/** 1.37.1 or v2.2.1-rc.1 */
export const version = matching(/^v?\d+(\.\d+)*([+~-][A-Za-z0-9.+~-]+)?$/, 'a version');

export const cidr = z.cidrv4('is not an IPv4 range');
export const address = z.ipv4('is not an IPv4 address');

/** host:port */
export const hostPort = matching(
  new RegExp(`^${label}(\\.${label})*:\\d{1,5}$`),
  'an address and a port, such as 192.168.56.10:6443',
);
