import { isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq, type Document } from 'yaml';
import type { Finding, Span } from './findings.js';
import { parseSetting, type Setting } from './setting.js';

/** `workers: 2` is short for `workers: {count: 2}`, `cni: calico` for `cni: {name: calico}`. */
const shortFor: Readonly<Record<string, string>> = {
  controlPlanes: 'count',
  workers: 'count',
  loadBalancers: 'count',
  bootstrap: 'name',
  runtime: 'name',
  cni: 'name',
  loadBalancer: 'name',
  provider: 'name',
  box: 'name',
};
/** Settings beside these belong to one variant, and go when another one is chosen. */
const variants = new Set(['bootstrap', 'runtime', 'cni', 'loadBalancer', 'provider', 'box']);
const mostMachines = 100;

/** Applies `--set` arguments to a document, in order; gives the places of the nodes made and what is wrong. */
export function applyToDocument(
  document: Document,
  set: readonly string[],
): { origins: Map<unknown, Span>; findings: Finding[] } {
  const origins = new Map<unknown, Span>();
  const findings: Finding[] = [];
  for (const text of set) {
    const setting = parseSetting(text);
    const finding = 'code' in setting ? setting : apply(document, setting, origins);
    if (finding) findings.push(finding);
  }
  return { origins, findings };
}

function apply(document: Document, setting: Setting, origins: Map<unknown, Span>): Finding | undefined {
  const made = <T>(node: T, span: Span): T => {
    origins.set(node, span);
    return node;
  };
  document.contents ??= made(new YAMLMap(), setting.whole);
  let parent: unknown = document.contents;
  for (const [depth, segment] of setting.path.entries()) {
    const child = childIn(parent, segment.text);
    if (child === undefined) return notAGroup(setting, depth, isSeq(parent));
    const key = (): Scalar => made(new Scalar(segment.text), segment.span);
    const last = depth === setting.path.length - 1;
    const short = depth === 0 ? shortFor[segment.text] : undefined;
    if (last) {
      const existing = child.get();
      if (short !== undefined && isMap(existing) && keepsSettings(segment.text, existing, setting.value)) {
        setScalar(existing, short);
      } else {
        child.put(commented(made(new Scalar(setting.value), setting.valueSpan), existing), key());
      }
      return undefined;
    }
    parent = group(child.get(), short, made, setting, depth);
    if (parent !== child.get()) child.put(parent, key());
  }
  return undefined;

  function setScalar(map: YAMLMap, name: string): void {
    const value = made(new Scalar(setting.value), setting.valueSpan);
    childIn(map, name)?.put(commented(value, map.get(name, true)), made(new Scalar(name), setting.valueSpan));
  }
}

/** The group a setting goes on into: what is there, its long form, or a new one. Scalars stay what they are. */
function group(
  existing: unknown,
  short: string | undefined,
  made: <T>(node: T, span: Span) => T,
  setting: Setting,
  depth: number,
): unknown {
  if (isMap(existing) || isSeq(existing)) return existing;
  const empty =
    existing === undefined || existing === null || (isScalar(existing) && existing.value === null);
  if (empty) {
    const list = /^\d+$/.test(setting.path[depth + 1]?.text ?? '');
    return made(list ? new YAMLSeq() : new YAMLMap(), setting.path[depth]?.span ?? setting.whole);
  }
  if (short === undefined || !isScalar(existing) || existing.value === 'auto') return existing;
  const long = made(new YAMLMap(), setting.path[depth]?.span ?? setting.whole);
  long.items.push(new Pair(made(new Scalar(short), setting.path[depth]?.span ?? setting.whole), existing));
  return long;
}

/** Whether `workers=3` or `cni=calico` changes one value of a group that is written out, and leaves the rest. */
function keepsSettings(name: string, group: YAMLMap, value: Setting['value']): boolean {
  return variants.has(name) ? group.get('name') === value : typeof value === 'number';
}

interface Child {
  get(): unknown;
  put(value: unknown, key: Scalar): void;
}

/** The named place in a map or list; undefined when the parent has no such places. */
function childIn(parent: unknown, name: string): Child | undefined {
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) =>
      isScalar(key) ? String(key.source ?? key.value) === name : false,
    );
    return {
      get: () => pair?.value,
      put: (value, key) => {
        if (pair) pair.value = value;
        else parent.items.push(new Pair(key, value));
      },
    };
  }
  if (!isSeq(parent) || !/^\d{1,3}$/.test(name) || Number(name) >= mostMachines) return undefined;
  return {
    get: () => parent.items[Number(name)],
    put: (value) => {
      while (parent.items.length < Number(name)) parent.items.push(new YAMLMap());
      parent.items[Number(name)] = value;
    },
  };
}

/** The comment behind the old value stays behind the new one. */
function commented(value: Scalar, existing: unknown): Scalar {
  if (isScalar(existing) && existing.comment) value.comment = existing.comment;
  return value;
}

function notAGroup(setting: Setting, depth: number, list: boolean): Finding {
  const parent = setting.path
    .slice(0, depth)
    .map(({ text }) => text)
    .join('.');
  return {
    code: 'LAB_SETTING',
    message: list
      ? `\`${parent}\` is a list: its entries are numbers from 0 to ${mostMachines - 1}.`
      : `\`${parent || 'The lab'}\` is not a group of settings, so nothing can be set inside it.`,
    fix: [list ? `--set ${parent}.0.name=node1` : `Set it as a whole: --set ${parent || 'path'}=value`],
    span: setting.path[depth]?.span ?? setting.whole,
  };
}
