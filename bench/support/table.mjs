import { cells, HEADINGS } from './results.mjs';

/** The table for a terminal. @param {import('./results.mjs').Row[]} rows */
export function textTable(rows) {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const print = (/** @type {string[]} */ line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = lines;
  return [print(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(print)].join('\n');
}

/** @param {string[]} line */
const markdownLine = (line) => `| ${line.join(' | ')} |`;

/** The same for a document. @param {import('./results.mjs').Row[]} rows */
export function markdownTable(rows) {
  return [
    markdownLine(HEADINGS),
    markdownLine(HEADINGS.map(() => '---')),
    ...rows.map((line) => markdownLine(cells(line))),
  ].join('\n');
}
