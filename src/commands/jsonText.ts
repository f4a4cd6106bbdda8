/**
 * A document as `--json` prints it. JSON escapes C0 alone: the other characters that drive a terminal, C1, separators and marks of
 * direction, are escaped, too, which means the same to every reader of JSON.
 */
export const jsonText = (document: unknown): string =>
  JSON.stringify(document, null, 2).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => unit(character, index)).join(''),
  );

const unit = (text: string, index: number): string =>
  `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
