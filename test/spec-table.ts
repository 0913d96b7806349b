/** Reads a table of a room's SPEC.md, so that the page and the code cannot come apart. */
import { readFileSync } from 'node:fs'

/** Its rows in order: the word in the first column, and the others by the words of the head. */
export type SpecRow = readonly [name: string, cells: Readonly<Record<string, string>>]

/** @param corner the first cell of the table's head, such as `state \ event` */
export function readSpecTable(page: URL, corner: string): readonly SpecRow[] {
  const text = readFileSync(page, 'utf8')
  const start = text.indexOf(`| ${corner}`)
  if (start === -1) throw new Error(`${page.pathname} has no table of ${corner}`)
  const lines = text.slice(start).split('\n\n')[0]!.split('\n')
  const [head, , ...rows] = lines.map(cellsOf)
  return rows.map(([name, ...cells]) => [
    name!,
    Object.fromEntries(cells.map((cell, index) => [head![index + 1], cell])),
  ])
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
