/** Number of the 256-colour table, red, green and blue, or the terminal's own. */
export type Colour = number | [number, number, number] | null;

export interface Style {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  strike: boolean;
  colour: Colour;
  background: Colour;
}

export interface Run {
  column: number;
  width: number;
  text: string;
  style: Style;
}

export function rowsOf(recording: string): Run[][];
export function widthOf(text: string): number;
