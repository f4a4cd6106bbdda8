import type { Assets } from '../assets/manifests.js';
import type { BoxManifest } from '../assets/providerManifest.js';
import type { BoxRequest, Lab } from '../lab/lab.js';
import type { PlannedBox } from './cluster.js';
import type { Problems } from './problems.js';
import type { ChosenProvider } from './provider.js';
import { list, unknownName } from './words.js';

type CustomBox = Extract<BoxRequest, { name: string }>;

/** The box of every machine: of the catalogue by provider, described in the lab, or the provider's default. */
export function chooseBox(
  lab: Lab,
  provider: ChosenProvider,
  assets: Assets,
  problems: Problems,
): PlannedBox | undefined {
  if (lab.box !== 'auto' && 'name' in lab.box) return customBox(lab.box, problems);
  const key = lab.box === 'auto' ? provider.manifest.defaultBox : lab.box.key;
  const box = assets.boxes[key];
  if (!box) {
    const known = fittingBoxes(assets, provider.name);
    problems.add('PLAN_BOX_UNKNOWN', `The catalogue has no box ${key}${unknownName(key, known)}`, {
      paths: ['box'],
      fix: known.map((name) => `box: ${name}`),
    });
    return undefined;
  }
  return catalogueBox(key, box, provider, assets, problems);
}

function catalogueBox(
  key: string,
  box: BoxManifest,
  provider: ChosenProvider,
  assets: Assets,
  problems: Problems,
): PlannedBox | undefined {
  const form = box.providers[provider.name];
  if (!form) {
    const fitting = fittingBoxes(assets, provider.name);
    const others = Object.keys(box.providers);
    problems.add(
      'PLAN_BOX_PROVIDER',
      `${box.title} (${key}) has no form for ${provider.manifest.title}; it exists for ${list(others)}.` +
        ` Boxes for ${provider.manifest.title}: ${list(fitting)}.`,
      {
        paths: ['box', 'provider'],
        fix: [...fitting.map((name) => `box: ${name}`), ...others.map((name) => `provider: ${name}`)],
      },
    );
    return undefined;
  }
  if (form.url === undefined && form.build === undefined) {
    problems.note(
      'PLAN_BOX_REGISTRY',
      `The box ${form.name} comes from the Vagrant registry, which ends downloads on 2026-12-31.` +
        ` Once Vagrant has it, it stays usable: vagrant box add ${form.name} --provider ${provider.name}`,
    );
  }
  const checksum = form.checksum === undefined ? undefined : parseChecksum(form.checksum);
  return {
    key,
    name: form.name,
    family: box.family,
    ...(form.version !== undefined && { version: form.version }),
    ...(form.url !== undefined && { url: form.url }),
    ...(checksum && { checksum }),
    ...(form.build !== undefined && { build: { recipe: form.build } }),
    user: 'vagrant',
  };
}

function customBox(box: CustomBox, problems: Problems): PlannedBox | undefined {
  const checksum = box.checksum === undefined ? undefined : parseChecksum(box.checksum);
  if (box.checksum !== undefined && !checksum) {
    problems.add(
      'PLAN_BOX_CHECKSUM',
      `${JSON.stringify(box.checksum)} is neither a SHA-256 nor a SHA-512 sum.`,
      {
        paths: ['box.checksum'],
      },
    );
    return undefined;
  }
  return {
    key: 'custom',
    name: box.name,
    family: box.family,
    ...(box.version !== undefined && { version: box.version }),
    ...(box.url !== undefined && { url: box.url }),
    ...(checksum && { checksum }),
    user: 'vagrant',
  };
}

function fittingBoxes(assets: Assets, provider: string): string[] {
  return Object.entries(assets.boxes)
    .filter(([, box]) => box.providers[provider] !== undefined)
    .map(([name]) => name);
}

/** `sha256:<hex>`, `sha512:<hex>`, or bare hexadecimal of either length. */
function parseChecksum(text: string): PlannedBox['checksum'] {
  const match = /^(?:(sha256|sha512):)?([0-9a-f]+)$/i.exec(text.trim());
  const value = match?.[2]?.toLowerCase() ?? '';
  const type = value.length === 64 ? 'sha256' : value.length === 128 ? 'sha512' : undefined;
  if (type === undefined || (match?.[1] !== undefined && match[1].toLowerCase() !== type)) return undefined;
  return { type, value };
}
