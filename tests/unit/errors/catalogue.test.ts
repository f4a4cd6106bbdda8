import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import yargs from 'yargs';
import { protectForeignArguments } from '../../../src/commands/arguments.js';
import { declareCommands, verbs } from '../../../src/commands/declare.js';
import { catalogue } from '../../../src/errors/catalogue/index.js';

const root = path.join(import.meta.dirname, '..', '..', '..', 'src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll(path.sep, '/'))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
const pages = sources.filter(({ file }) => file.startsWith('errors/catalogue/'));
const others = sources.filter((source) => !pages.includes(source));

describe('the catalogue', () => {
  test('has no code that nothing throws or finds', () => {
    const words = new Set(
      others.flatMap(({ text }) => text.match(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g) ?? []),
    );
    expect(Object.keys(catalogue).filter((code) => !words.has(code))).toEqual([]);
  });

  test('has every code once: of two pages, one would silently hide the other', () => {
    const codes = pages.flatMap(({ text }) =>
      [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]+): \{/gm)].map(([, code = '']) => code),
    );
    expect(codes.length).toBeGreaterThan(200);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  test.each(Object.entries(catalogue))('%s says what, why and what to do', (code, page) => {
    const { title, exit, meaning, why, fix, see = [], source } = page;
    expect(code).toMatch(/^(LAB|PLAN|RENDER|HOST|VAGRANT|GUEST|K8S|BUNDLE|BOX)_[A-Z0-9]+(_[A-Z0-9]+)*$/);
    expect([0, 1, 2, 3, 70]).toContain(exit);
    expect(title).toMatch(/^\S.*[^.\s]$/);
    expect(meaning).toMatch(/^\S.*[.!?)]$/s);
    expect(why).toMatch(/^\S.*[.!?)]$/s);
    expect(fix.length).toBeGreaterThan(0);
    for (const line of [...fix, ...see]) expect(line).toMatch(/^\S.*\S$/);
    if (source !== undefined) expect(source).toMatch(/^(https:\/\/|CONTRIBUTING\.md$)/);
  });
});

/** Lines of a source file, without comments. */
function code(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(\*|\/\*|\/\/)/.test(line))
    .map((line) => line.replaceAll(/\$\{[^}]*\}/g, 'x'));
}

/**
 * The commands of ours in a line: from a quotation mark or `&&` up to the next one, a comment, a bracket or the end of a
 * sentence; after a colon only those that begin with a verb of ours, as prose does not. What follows `--` is another
 * program's.
 */
function commandsIn(line: string): string[] {
  const found = [...line.matchAll(/(^|['"`]|&& |: )k8slab ([a-z][^#'"`\n]*)/g)].map(
    ([, before, rest = '']) => {
      const [command = ''] = rest.split(/\s*(?: && | {2,}|, |\. |\)|; |\\n| -- |\.$)/);
      return { before, words: command.replaceAll(/<[^>]+>/g, 'x').trim() };
    },
  );
  return found
    .filter(({ before, words }) => before !== ': ' || verbs.includes(words.split(' ')[0] ?? ''))
    .map(({ words }) => words)
    .filter((words) => !/^x\b|\\|--help| has no /.test(words));
}

/** Sources that speak to people of commands; the others use the same words as names. */
const speaking = others.filter(
  ({ file }) => !/^(box|bundle|errors)\/|^lab\/schema\.ts$|delivery\.ts$|version\.ts$/.test(file),
);

/** Lines of advice, with `x` for what is filled in when it is given. */
const advice = [
  ...Object.entries(catalogue).flatMap(([name, { fix, see = [] }]) =>
    [...fix, ...see].map((line): [string, string] => [name, line]),
  ),
  ...speaking.flatMap(({ file, text }) => code(text).map((line): [string, string] => [file, line])),
];

/** Why the command line would refuse these words; nothing when it takes them. */
async function refusal(words: readonly string[]): Promise<string | undefined> {
  let problem: string | undefined;
  const cli = yargs(protectForeignArguments(words))
    .parserConfiguration({ 'populate--': true, 'parse-positional-numbers': false })
    .locale('en')
    .version(false)
    .help(false)
    .demandCommand(1)
    .strict()
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      problem ??= message ?? error?.message ?? 'refused';
    });
  await declareCommands(cli, () => Promise.resolve()).parseAsync();
  return problem;
}

test('advice names only commands and flags that exist', async () => {
  const commands = new Map(
    advice.flatMap(([from, line]) => commandsIn(line).map((command): [string, string] => [command, from])),
  );
  expect(commands.size).toBeGreaterThan(40);
  const wrong: string[] = [];
  for (const [command, from] of commands) {
    const problem = await refusal(command.split(/\s+/));
    if (problem !== undefined) wrong.push(`${from}: k8slab ${command}: ${problem}`);
  }
  expect(wrong).toEqual([]);
});
