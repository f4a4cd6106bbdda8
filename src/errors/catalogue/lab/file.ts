import type { CatalogueEntry } from '../entry.js';

/** Finding and reading a lab file. */
export const labFileEntries = {
  LAB_UNKNOWN_NAME: {
    title: 'There is no preset of this name',
    exit: 2,
    meaning: 'The word is neither a preset, nor a shorthand such as 3cp-2w, nor a path.',
    why: 'A typing error, or a folder of this name was meant: paths have a slash or end in .yaml.',
    fix: ['k8slab list'],
  },
  LAB_SHORTHAND: {
    title: 'No lab can have these numbers of machines',
    exit: 2,
    meaning:
      'A shorthand <n>cp-<n>w-<n>lb has 1 to 10 control planes, up to 10 load balancers and 89 machines in all.',
    why: 'Machines have the addresses .10 to .99 of the lab’s range; the first ten are for control planes.',
    fix: ['k8slab create 1cp-2w', 'k8slab create 3cp-2w-1lb'],
  },
  LAB_SETTING: {
    title: 'A --set argument cannot be applied',
    exit: 2,
    meaning:
      'It is not of the form path=value, or its path goes through something that is not a group of settings.',
    why: 'Paths are the keys of lab.yaml with dots between them; list entries are counted from 0.',
    fix: [
      '--set workers.memory=2GiB',
      '--set kubernetes.version=1.36',
      '--set workers.machines.0.name=node1',
    ],
  },
  LAB_TOO_LARGE: {
    title: 'The lab file is larger than 1 MiB',
    exit: 2,
    meaning: 'The file was not read: a lab of 90 machines with every field written is a tenth of this.',
    why: 'Usually another file than the one meant.',
    fix: ['Look what the file is: head -c 200 FILE'],
  },
  LAB_NOT_TEXT: {
    title: 'The lab file is not UTF-8 text',
    exit: 2,
    meaning: 'The file has bytes that are no text, or was saved in another encoding, such as UTF-16.',
    why: 'Some editors on Windows save as UTF-16 ("Unicode").',
    fix: ['Save the file as UTF-8.', 'iconv -f UTF-16 -t UTF-8 lab.yaml > lab-utf8.yaml'],
  },
  LAB_CONTROL_CHARACTER: {
    title: 'There is an invisible character or a line end in a value',
    exit: 2,
    meaning:
      'Control characters, line ends inside values, and marks that reorder text on screen are refused.',
    why: 'Every value reaches scripts and configuration files as one line of visible text; a lab must act the way it reads.',
    fix: ['Type the value anew instead of pasting it.'],
  },
  LAB_SYNTAX: {
    title: 'The lab file is not valid YAML',
    exit: 2,
    meaning: 'The file could not be read as YAML, so nothing of it was used.',
    why: 'Usually a missing colon, a tab used for indentation, or a quote that is not closed.',
    fix: ['Correct the line that the message points at.'],
  },
  LAB_TAB: {
    title: 'A line is indented with a tab',
    exit: 2,
    meaning: 'YAML allows spaces only for indentation.',
    why: 'How deep a tab indents depends on the editor, so YAML refuses to guess.',
    fix: ['Indent with two spaces.'],
    source: 'https://yaml.org/spec/1.2.2/#61-indentation-spaces',
  },
  LAB_MULTIPLE_DOCUMENTS: {
    title: 'The file has more than one YAML document',
    exit: 2,
    meaning: 'A line `---` starts a second document; a lab file is one lab.',
    why: 'Files for kubectl often have several; a lab has one.',
    fix: ['Put each lab into a file of its own.'],
  },
  LAB_EMPTY: {
    title: 'The lab file is empty',
    exit: 2,
    meaning: 'There is nothing in it but comments, if at all.',
    why: 'Even the shortest lab says how many machines it has.',
    fix: ['workers: 2'],
  },
  LAB_NOT_A_MAP: {
    title: 'The lab file is a list or a single value',
    exit: 2,
    meaning: 'A lab is lines of `key: value`.',
    why: 'Usually a missing colon, or `- ` in front of the keys.',
    fix: ['Compare with a preset: k8slab show 1cp-2w'],
  },
  LAB_DUPLICATE_KEY: {
    title: 'A key is written twice',
    exit: 2,
    meaning: 'Two lines of one group have the same key, so one of them would be lost silently.',
    why: 'Usually left over from copying a group.',
    fix: ['Keep one of the two lines.'],
  },
  LAB_ALIAS: {
    title: 'A YAML alias is used',
    exit: 2,
    meaning: 'Aliases (`*name`) are not followed in a lab.',
    why: 'A few nested aliases can grow to gigabytes, and a lab is short enough without them.',
    fix: ['Write the value itself.'],
  },
  LAB_MERGE_KEY: {
    title: 'A YAML merge key is used',
    exit: 2,
    meaning: '`<<` is not part of YAML 1.2 and is not followed in a lab.',
    why: 'Values must be traceable to the line they stand on.',
    fix: ['Write the keys themselves; values for all machines of a role stand beside `count`.'],
  },
  LAB_TAG: {
    title: 'A YAML tag is used',
    exit: 2,
    meaning: 'Tags other than those of plain values (`!!str`, `!!int`…) are refused.',
    why: 'A lab is plain text, numbers and truth values.',
    fix: ['Delete the tag; quote a value to make it text.'],
  },
  LAB_MANY_ERRORS: {
    title: 'There are more mistakes than are shown',
    exit: 2,
    meaning: 'Only the first ones are listed.',
    why: 'With so many the file is probably not a lab.',
    fix: ['Correct those listed, and look again.'],
  },
} satisfies Record<string, CatalogueEntry>;
