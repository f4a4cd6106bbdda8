import { familyOf } from '../defaults.js';
import type { Finding } from '../findings.js';
import type { BoxRequest } from '../lab.js';
import type { Rule, RuleInput } from './rule.js';

type OwnBox = Extract<BoxRequest, { name: string }>;

function forOwnBox(
  reads: string,
  check: (box: OwnBox, input: RuleInput) => Omit<Finding, 'path'> | undefined,
): Rule {
  const path = `box.${reads}`;
  return {
    reads: [path],
    check: (input) => {
      const { box } = input.lab;
      if (box === 'auto' || 'key' in box) return [];
      const finding = check(box, input);
      return finding ? [{ ...finding, path }] : [];
    },
  };
}

const boxName = forOwnBox('name', ({ name }) =>
  name.length <= 128 && /^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?$/.test(name)
    ? undefined
    : {
        code: 'LAB_BOX_NAME',
        message: 'The box’s name is not of the form `name` or `owner/name` (letters, digits, `.`, `_`, `-`).',
        fix: ['name: bento/debian-12'],
      },
);

const boxFamily = forOwnBox('family', ({ name }, { assets, isWritten }) =>
  isWritten('box.family') || familyOf(name, assets) !== undefined
    ? undefined
    : {
        code: 'LAB_MISSING',
        message: 'The box’s package manager is not known: the catalogue has no box of this name.',
        fix: ['family: apt', 'family: dnf'],
      },
);

const boxUrl = forOwnBox('url', ({ url }) => {
  if (url === undefined || isBoxUrl(url)) return undefined;
  return {
    code: 'LAB_BOX_URL',
    message: 'The box’s URL is not a plain http, https or file URL.',
    fix: ['url: https://example.org/boxes/debian-12.box', 'url: file:///srv/boxes/debian-12.box'],
  };
});

/** RFC 3986: only characters a URL may have, so that none can mean something to a shell or to Ruby by accident. */
function isBoxUrl(text: string): boolean {
  if (text.length > 2048 || !/^[\w.~:/?#[\]@!$&'()*+,;=%-]+$/.test(text) || /[#$]/.test(text)) return false;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  if (protocol === 'file:') return /^file:\/\/\/./.test(text);
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '' && pathname.length > 1;
}

const boxVersion = forOwnBox('version', ({ version }) =>
  version === undefined || (version.length <= 64 && /^\d[0-9A-Za-z]*(?:[.+-][0-9A-Za-z]+)*$/.test(version))
    ? undefined
    : {
        code: 'LAB_BOX_VERSION',
        message: 'The box’s version is not one exact version.',
        fix: ['version: "202510.26.0"'],
      },
);

const boxChecksum = forOwnBox('checksum', ({ checksum }) => {
  if (checksum === undefined || /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/i.test(checksum))
    return undefined;
  const bare = /^(?:[0-9a-f]{64}|[0-9a-f]{128})$/i.test(checksum);
  return {
    code: 'LAB_BOX_CHECKSUM',
    message: 'The box’s checksum is neither `sha256:` and 64 hexadecimal digits nor `sha512:` and 128.',
    fix: [bare ? `checksum: sha${checksum.length * 4}:${checksum}` : 'sha256sum FILE.box'],
  };
});

/** A box of the catalogue exists for some providers only; with `auto` the plan chooses and looks again. */
const boxProvider: Rule = {
  reads: ['box', 'provider'],
  check: ({ lab, assets }) => {
    const box = lab.box !== 'auto' && 'key' in lab.box ? assets.boxes[lab.box.key] : undefined;
    if (!box || lab.provider === 'auto' || Object.hasOwn(box.providers, lab.provider)) return [];
    const fitting = Object.entries(assets.boxes).filter(([, other]) =>
      Object.hasOwn(other.providers, lab.provider),
    );
    return [
      {
        code: 'LAB_BOX_PROVIDER',
        message: `The catalogue has no ${box.title} for ${lab.provider}.`,
        path: 'box',
        fix: [...fitting.map(([key]) => `box: ${key}`), 'box: auto'],
      },
    ];
  },
};

export const boxRules: readonly Rule[] = [boxName, boxFamily, boxUrl, boxVersion, boxChecksum, boxProvider];
