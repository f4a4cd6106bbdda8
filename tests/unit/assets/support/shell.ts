import type { StepManifest } from '../../../../src/assets/manifests.js';

type Texts = Record<string, string>;

/** Names that the shell or the system sets, not the plan. */
const environment = new Set([
  'SUDO_USER',
  'PATH',
  'HOME',
  'IFS',
  'SECONDS',
  'RANDOM',
  'EUID',
  'UID',
  'PWD',
  'HOSTNAME',
  'LINENO',
  'REPLY',
]);

/** Shell text of a step for a package family; empty when that family has none. */
export function shellOf(texts: Texts, folder: string, { id }: StepManifest, family: string): string {
  return texts[`${folder}/${id}.${family}.sh`] ?? texts[`${folder}/${id}.sh`] ?? '';
}

/** Texts of the files of a step that are filled in. */
export function templatesOf(texts: Texts, folder: string, { files }: StepManifest): string[] {
  return files.filter((file) => file.endsWith('.hbs')).map((file) => texts[`${folder}/${file}`] ?? '');
}

/** Texts of function files, one after the other. */
export function libraryOf(texts: Texts, names: readonly string[], family: string): string {
  return names
    .map(
      (name) =>
        texts[`provision-scripts/lib/${name}.${family}.sh`] ??
        texts[`provision-scripts/lib/${name}.sh`] ??
        '',
    )
    .join('\n');
}

/** Upper-case variables that a shell text reads and does not set itself. */
export function upperCaseNames(text: string): string[] {
  const code = withoutComments(text);
  const read = [...code.matchAll(/(?<!\\)\$\{?#?!?([A-Z][A-Z0-9_]*)/g)].map((match) => match[1] ?? '');
  const set = new Set(
    [...code.matchAll(/(?:^|[\s;(])(?:for |read -r )?([A-Z][A-Z0-9_]*)(?:=|\+=| in )/gm)].map(
      (match) => match[1],
    ),
  );
  return [...new Set(read)].filter((name) => !set.has(name) && !environment.has(name));
}

/** Function files whose functions a shell text calls, directly or through functions it calls. */
export function usedFunctions(texts: Texts, text: string, family: string): Set<string> {
  const defined = definitions(texts, family);
  const called = new Set<string>();
  const follow = (code: string): void => {
    for (const name of wordsIn(code)) {
      const body = defined.get(name)?.body;
      if (body === undefined || called.has(name)) continue;
      called.add(name);
      follow(body);
    }
  };
  follow(text);
  return new Set([...called].map((name) => defined.get(name)?.file ?? ''));
}

/** Words of a shell text that may be commands. */
function wordsIn(text: string): string[] {
  const code = withoutComments(text).replaceAll(/\bfor \w+ in\b|\blocal [^\n]*/g, '');
  return [...code.matchAll(/(?<![\w./${-])([a-z_][a-z0-9_]*)(?![\w./=-])/g)].map((match) => match[1] ?? '');
}

/** Function name to its body and the file that defines it. */
function definitions(texts: Texts, family: string): Map<string, { file: string; body: string }> {
  const found = new Map<string, { file: string; body: string }>();
  for (const [path, text] of Object.entries(texts)) {
    const [, file, only] = /^provision-scripts\/lib\/(.+?)(?:\.(apt|dnf))?\.sh$/.exec(path) ?? [];
    if (file === undefined || (only !== undefined && only !== family)) continue;
    for (const [, name = '', body = ''] of text.matchAll(/^([a-z_][a-z0-9_]*)\(\) \{\n([\s\S]*?)^\}/gm)) {
      found.set(name, { file, body });
    }
  }
  return found;
}

/** Without comments and without what only prints: quoted text of `echo` and `printf` may say any word. */
function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)#.*$/gm, '$1').replaceAll(/\b(echo|printf) '[^']*'/g, '$1');
}
