import type { CatalogueEntry } from './entry.js';

export const renderEntries = {
  RENDER_ASSET: {
    title: 'A manifest of the package is not valid',
    exit: 2,
    meaning:
      'A folder under box-templates/, provision-scripts/ or labs/ does not follow its contract, so nothing of it was used.',
    why: 'A field of its manifest is missing, misspelt or of the wrong type, or a file that it names is not there.',
    fix: [
      'Correct the file and field that the message names.',
      'Reinstall k8slab if you did not edit it: npm install k8slab',
    ],
    source: 'CONTRIBUTING.md',
  },
  RENDER_VALUE: {
    title: 'A value cannot be written into a generated file',
    exit: 2,
    meaning: 'A value of the plan holds characters that its place in a generated file cannot carry safely.',
    why: 'Line breaks and control characters would let a value become a command of its own; some formats have no quoting at all.',
    fix: ['Replace the value that the message names by plain text on one line.'],
  },
  RENDER_TEMPLATE: {
    title: 'A template asks for something the plan does not have',
    exit: 70,
    meaning: 'A template of the package could not be filled in.',
    why: 'The template names a value or helper that does not exist, or is not valid Handlebars.',
    fix: ['Report it with the message: this is a mistake in k8slab.'],
  },
  RENDER_FOLDER_NOT_OURS: {
    title: 'The folder is not empty and holds no lab',
    exit: 2,
    meaning: 'Nothing was written, because the folder holds files that k8slab did not make.',
    why: 'A lab is only written into a new or empty folder, into one that holds nothing but lab.yaml, or into an existing lab.',
    fix: [
      'Choose another folder: k8slab create <lab> --dir <folder>',
      'Or move the files away and run the command again.',
    ],
    see: ['ls -A <folder>'],
  },
  RENDER_LAB_EXISTS: {
    title: 'The folder already holds another lab',
    exit: 2,
    meaning:
      'Nothing was written, because the lab.yaml in the folder differs from the one that was asked for.',
    why: 'The lab was edited after it was created, or another lab was created in the same folder.',
    fix: [
      'Go on with the lab that is there: cd <folder> && k8slab up',
      'Or choose another folder: k8slab create <lab> --dir <folder>',
    ],
  },
  RENDER_PATH: {
    title: 'A generated file has a path that is not allowed',
    exit: 2,
    meaning:
      'Nothing was written, because a file would have had a path outside the lab folder or one that some systems reject.',
    why: 'Paths stay inside the lab folder and use letters, digits, dots, dashes and underscores; names such as CON or NUL are reserved by Windows.',
    fix: ['Rename the machine or the file that the message names.'],
    source: 'https://learn.microsoft.com/windows/win32/fileio/naming-a-file',
  },
  RENDER_SYMLINK: {
    title: 'A path of the lab is a symbolic link',
    exit: 2,
    meaning:
      'Nothing was written, because a file or folder of the lab is a link that may lead anywhere else.',
    why: 'A lab never writes outside its own folder, so links inside it are not followed.',
    fix: ['Replace the link by a real file or folder, or remove it, and run the command again.'],
    see: ['ls -l <path>'],
  },
  RENDER_IN_THE_WAY: {
    title: 'A folder stands where a file belongs, or the other way round',
    exit: 2,
    meaning:
      'Nothing was written, because the path of a generated file is taken by something that is not a file.',
    why: 'Somebody made a folder, device or pipe with the name of a generated file.',
    fix: ['Move it away and run the command again.'],
  },
  RENDER_DISK_FULL: {
    title: 'No space left on the disk',
    exit: 3,
    meaning: 'New files could not be written. The files of the lab are as they were; none is half-written.',
    why: 'The disk or your quota on it is full.',
    fix: ['Free some space and run the command again: it resumes where it stopped.'],
    see: ['df -h .'],
  },
  RENDER_READ_ONLY: {
    title: 'The folder cannot be written',
    exit: 3,
    meaning: 'The system does not let you write there. No file is half-written.',
    why: 'The folder belongs to somebody else (often root, after a command run with sudo) or is mounted read-only.',
    fix: ['Choose a folder of your own with --dir, or take this one back: sudo chown -R "$USER" <folder>'],
    see: ['ls -ld <folder>'],
  },
  RENDER_PATH_TOO_LONG: {
    title: 'The path of the lab is too long',
    exit: 2,
    meaning: 'A generated file would have a path longer than the system, or Vagrant on Windows, can open.',
    why: 'Windows programs open paths of up to 259 characters; other systems have limits of their own.',
    fix: ['Make the lab in a folder with a shorter path, such as one right below your home folder.'],
    source: 'https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation',
  },
  RENDER_WRITE: {
    title: 'A file could not be written or read',
    exit: 3,
    meaning: 'The system refused an operation on a file of the lab. No file is half-written.',
    why: 'The message holds the reason that the system gave.',
    fix: ['Resolve what the message names and run the command again: it resumes where it stopped.'],
  },
  RENDER_LOCKED: {
    title: 'Another k8slab is working in this folder',
    exit: 3,
    meaning: 'Nothing was done, because two commands at once would disturb each other.',
    why: 'A k8slab that was started earlier still runs, maybe in another window.',
    fix: ['Wait until it has finished, or stop it with Ctrl-C in its own window.'],
    see: ['cat .k8slab/lock.json'],
  },
  RENDER_STATE: {
    title: "A file of k8slab's own is damaged",
    exit: 3,
    meaning: 'A file that k8slab keeps for itself does not hold what it wrote there.',
    why: 'It was edited by hand, cut off by a full disk, or written by a newer k8slab.',
    fix: ['Remove the file that the message names and run: k8slab render'],
  },
} satisfies Record<string, CatalogueEntry>;
