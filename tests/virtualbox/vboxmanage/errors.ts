// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).

/** What VBoxManage ends with: its text on standard error, and its exit status. */
export class Failure extends Error {
  constructor(
    readonly text: string,
    readonly status = 1,
  ) {
    super(text);
  }
}

const codes = {
  E_ACCESSDENIED: '0x80070005',
  E_INVALIDARG: '0x80070057',
  NS_ERROR_FAILURE: '0x80004005',
  NS_ERROR_INVALID_ARG: '0x80070057',
  VBOX_E_OBJECT_NOT_FOUND: '0x80bb0001',
  VBOX_E_INVALID_VM_STATE: '0x80bb0002',
  VBOX_E_FILE_ERROR: '0x80bb0004',
  VBOX_E_IPRT_ERROR: '0x80bb0005',
  VBOX_E_INVALID_OBJECT_STATE: '0x80bb0007',
  VBOX_E_OBJECT_IN_USE: '0x80bb000c',
} as const;

export type Code = keyof typeof codes;

export interface Origin {
  code: Code;
  /** `MachineWrap, interface IMachine`: the words after `component`. */
  component: string;
  /** A line of VBoxManage's own source: `"LockMachine(…)" at line 640 of file VBoxManageModifyVM.cpp`. */
  context?: string;
  /** Errors that come with a progress object name no caller. */
  callee?: boolean;
  /** Printed before the error, such as a progress bar that stopped. */
  before?: string;
}

/**
 * An error of VirtualBox's interface, in the three lines that VBoxManage makes of it.
 * Source: the same three lines in https://github.com/hashicorp/packer/issues/12008 and hundreds of other reports.
 */
export function comError(message: string, origin: Origin): Failure {
  const lines = [
    ...message.split('\n'),
    `Details: code ${origin.code} (${codes[origin.code]}), component ${origin.component}` +
      (origin.callee === false ? '' : ', callee nsISupports'),
    ...(origin.context === undefined ? [] : [`Context: ${origin.context}`]),
  ];
  return new Failure((origin.before ?? '') + lines.map(errorLine).join(''));
}

/** An error that carries no text of its own, as E_ACCESSDENIED of host-only addresses. */
export function bareError(code: Code, words: string, context: string): Failure {
  return new Failure(
    [`Code ${code} (${codes[code]}) - ${words} (extended info not available)`, `Context: ${context}`]
      .map(errorLine)
      .join(''),
  );
}

/** An error of VBoxManage itself. */
export const plainError = (message: string): Failure => new Failure(errorLine(message));

/** What VBoxManage says to a call it does not understand; exit status 2 since 7.0. */
export const syntaxError = (message: string): Failure => new Failure(errorLine(message), 2);

const errorLine = (line: string): string => `VBoxManage: error: ${line}\n`;

/** A bar that stopped at `percent` with an error. */
export function stoppedAt(percent: number, code: Code): string {
  return `${bar(percent)}\nProgress state: ${code}\n`;
}

/** The progress that VBoxManage writes on standard error. */
export const progress = `${bar(100)}\n`;

function bar(percent: number): string {
  const steps = Array.from({ length: Math.floor(percent / 10) + 1 }, (_, index) => `${index * 10}%`);
  return steps.join('...') + (percent < 100 ? '...' : '');
}
