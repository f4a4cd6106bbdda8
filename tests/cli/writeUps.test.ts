import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Place } from './support/place.js';

/** Ranges that stand in published write-ups of such labs, and do not work as they stand there. */
const place = new Place('write-ups');
afterAll(() => {
  place.remove();
});

const networking = (line: string, more = 'workers: 2\n'): string => `${more}networking:\n  ${line}\n`;

describe('mistakes of published write-ups', () => {
  test.each<[what: string, lab: string, code: string, fix: RegExp]>([
    [
      'public addresses for the machines',
      networking('hostOnlySubnet: 192.178.33.0/24'),
      'LAB_PUBLIC_RANGE',
      /Did you mean 192\.168\.33\.0\/24\?/,
    ],
    [
      'public addresses for pods, with host bits',
      networking('podSubnet: 172.178.33.0/16'),
      'LAB_HOST_BITS',
      /a \/16 around 172\.178\.33\.0 starts at 172\.178\.0\.0/,
    ],
    [
      'the same without the host bits',
      networking('podSubnet: 172.178.0.0/16'),
      'LAB_PUBLIC_RANGE',
      /Use a part of 10\.0\.0\.0\/8/,
    ],
    [
      'one /24 of pods for six machines',
      networking('podSubnet: 10.244.0.0/24', 'controlPlanes: 3\nworkers: 3\n'),
      'LAB_POD_RANGE_SMALL',
      /podSubnet: 10\.244\.0\.0\/21/,
    ],
    [
      'one /24 of pods for two machines, with a /24 for each asked for',
      networking('podSubnet: 10.201.0.0/24\n  nodeCidrMaskSize: 24', 'workers: 1\n'),
      'LAB_POD_RANGE_SMALL',
      /podSubnet: 10\.201\.0\.0\/23/,
    ],
    [
      'a pod range narrower than one node’s part',
      networking('podSubnet: 10.201.0.0/25'),
      'LAB_POD_RANGE_NARROW',
      /podSubnet: 10\.201\.0\.0\/22/,
    ],
    [
      'routes to pods that lead away from the machines themselves',
      networking('podSubnet: 192.168.0.0/16', 'cni: bridge\nworkers: 1\n'),
      'LAB_RANGES_OVERLAP',
      /podSubnet: 10\.244\.0\.0\/16/,
    ],
    [
      'routes to pods over the range of the NAT adapters',
      networking('podSubnet: 10.0.0.0/16', 'cni: bridge\nworkers: 1\n'),
      'LAB_RANGES_OVERLAP',
      /overlaps 10\.0\.2\.0\/24/,
    ],
    [
      'routes to pods over those to Services',
      networking('podSubnet: 10.100.0.0/16', 'cni: bridge\nworkers: 1\n'),
      'LAB_RANGES_OVERLAP',
      /overlaps `serviceSubnet` 10\.96\.0\.0\/12/,
    ],
  ])('%s: refused, and what to write instead', async (_, lab, code, fix) => {
    writeFileSync(place.path('lab.yaml'), lab);
    const { stdout, stderr } = await place.expect(2, 'validate', 'lab.yaml');
    expect(stdout + stderr).toContain(code);
    expect(stdout + stderr).toMatch(fix);
  });

  test.each<[what: string, lab: string, mask: number, said: RegExp]>([
    [
      'one /24 of pods for two machines',
      networking('podSubnet: 10.201.0.0/24', 'workers: 1\n'),
      25,
      /holds only 1 \/24.*the lab has 2 nodes.*a \/25, 126 addresses.*podSubnet: 10\.201\.0\.0\/23/s,
    ],
    [
      'a /25 of pods for a single machine',
      networking('podSubnet: 10.201.0.0/25', 'controlPlanes: 1\n'),
      25,
      /holds less than one \/24.*podSubnet: 10\.201\.0\.0\/24/s,
    ],
  ])('%s: repaired, and what was done', async (_, lab, mask, said) => {
    writeFileSync(place.path('lab.yaml'), lab);
    const validated = await place.expect(0, 'validate', 'lab.yaml');
    expect((validated.stdout + validated.stderr).replaceAll(/\s+/g, ' ')).toMatch(said);
    const { kubernetes, warnings } = (await place.json(0, 'plan', 'lab.yaml')) as {
      kubernetes: { nodeCidrMaskSize: number };
      warnings: { code: string }[];
    };
    expect(kubernetes.nodeCidrMaskSize).toBe(mask);
    expect(warnings.map(({ code }) => code)).toContain('LAB_NODE_MASK_FITTED');
  });
});
