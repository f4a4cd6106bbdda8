import { z } from 'zod';
import type { Assets } from '../../assets/manifests.js';

/** `debian-12`, or a box described in full. */
export function boxSchema(assets: Assets) {
  return z
    .union([
      z
        .enum(['auto', ...Object.keys(assets.boxes)])
        .describe('A box of the catalogue; auto: the provider’s default.'),
      z.strictObject({
        name: z
          .string()
          .meta({ description: 'Name Vagrant knows the box by.', examples: ['bento/debian-12'] }),
        family: z.enum(['apt', 'dnf']).optional().meta({
          description: 'Package manager inside the box. Default: the catalogue’s, for a name it knows.',
        }),
        url: z
          .string()
          .optional()
          .meta({
            description: 'Where the box comes from when Vagrant does not have it yet: http, https or file.',
            examples: ['https://example.org/boxes/debian-12.box', 'file:///srv/boxes/debian-12.box'],
          }),
        version: z
          .string()
          .optional()
          .meta({ description: 'Exact version, in quotes.', examples: ['202510.26.0'] }),
        checksum: z.string().optional().meta({
          description: 'Checksum of the box file: sha256: and 64 hexadecimal digits, or sha512: and 128.',
          pattern: '^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$',
        }),
      }),
    ])
    .optional()
    .meta({
      description: 'What the machines boot from: a box of the catalogue, or one described in full.',
      default: 'auto',
    });
}
