import { type StyledText, span, textWidth } from './styled-text.js';

const GAP = '  ';

/** Rows under faint headings, columns as wide as their widest cell; the last column is left as it is. */
export const textTable = (headings: readonly string[], rows: readonly (readonly StyledText[])[]): StyledText[] => {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  const line = (row: readonly StyledText[]): StyledText => {
    const cells = row.slice(0, row.findLastIndex((cell) => textWidth(cell) > 0) + 1);
    return cells.map((cell, column) =>
      column === cells.length - 1 ? cell : [cell, ' '.repeat((widths[column] ?? 0) - textWidth(cell)), GAP],
    );
  };
  return [line(headings.map((heading) => span('faint', heading))), ...rows.map(line)];
};
