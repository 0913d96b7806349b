/**
 * Reads our SQL just far enough to judge it: statements with the comment above them, tables with their keys, functions
 * with their arguments, settings and body. Not a parser: it trusts that PostgreSQL has read the file too.
 */

export interface SqlStatement {
  readonly path: string
  readonly line: number
  /** The comment lines that stand directly above. */
  readonly comment: string
  readonly text: string
  /** The same with comments, strings and function bodies blanked out. */
  readonly code: string
}

export interface SqlKey {
  readonly columns: readonly string[]
  readonly what: 'primary key' | 'unique key' | 'foreign key'
  readonly line: number
}

export interface SqlTable {
  readonly path: string
  readonly line: number
  /** With its schema: `ledger.lot`. */
  readonly name: string
  readonly keys: readonly SqlKey[]
}

export interface SqlFunction {
  readonly path: string
  readonly line: number
  readonly name: string
  readonly comment: string
  /** The names, in order. */
  readonly parameters: readonly string[]
  /** What stands between the parameters and the body: language, security, settings. */
  readonly settings: string
  /** Without comments and strings. */
  readonly body: string
  readonly bodyLine: number
}

/** Comments and the insides of strings become blanks; so do dollar-quoted bodies where `bodies` says so. */
export function blankSql(text: string, bodies: 'keep' | 'blank'): string {
  const pattern = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g
  const blank = (found: string): string => found.replaceAll(/[^\n]/g, ' ')
  return text.replaceAll(pattern, (found) => {
    if (found.startsWith('$')) return bodies === 'blank' ? blank(found) : blankBody(found)
    return found.startsWith("'") ? `'${blank(found.slice(1, -1))}'` : blank(found)
  })
}

function blankBody(quoted: string): string {
  const mark = /^\$\w*\$/.exec(quoted)?.[0] ?? '$$'
  return mark + blankSql(quoted.slice(mark.length, -mark.length), 'keep') + mark
}

export function statementsOf(path: string, text: string): SqlStatement[] {
  const code = blankSql(text, 'blank')
  const statements: SqlStatement[] = []
  let from = 0
  for (let end = code.indexOf(';', from); end !== -1; end = code.indexOf(';', from)) {
    const start = from + code.slice(from).search(/\S/)
    if (start < end) {
      statements.push({
        path,
        line: lineOf(text, start),
        comment: commentAbove(text.slice(from, start)),
        text: text.slice(start, end),
        code: code.slice(start, end),
      })
    }
    from = end + 1
  }
  return statements
}

/** The last block of comment lines before a statement, without an empty line in between. */
function commentAbove(before: string): string {
  const block = before.split(/\n[ \t]*\n/).at(-1) ?? ''
  return block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('--'))
    .map((line) => line.replace(/^--!? ?/, ''))
    .join('\n')
}

export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

export function tableOf(statement: SqlStatement): SqlTable | undefined {
  const head = /^create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w.]+)\s*\(/i.exec(
    statement.code,
  )
  const name = head?.[1]
  if (head === null || name === undefined) return undefined
  const keys: SqlKey[] = []
  let offset = head[0].length
  for (const part of splitAtCommas(inParentheses(statement.code, offset - 1))) {
    const line = statement.line + lineOf(statement.code, offset + part.search(/\S|$/)) - 1
    keys.push(...keysOf(part.trim(), line))
    offset += part.length + 1
  }
  return { path: statement.path, line: statement.line, name, keys }
}

/** A unique index is a key like any other. */
export function uniqueIndexOf(
  statement: SqlStatement,
): { table: string; columns: string[] } | undefined {
  const head =
    /^create\s+unique\s+index\s[\s\S]*?\bon\s+(?:only\s+)?([\w.]+)\s*(?:using\s+\w+\s*)?\(/i.exec(
      statement.code,
    )
  const table = head?.[1]
  if (head === null || table === undefined) return undefined
  return { table, columns: columnsIn(inParentheses(statement.code, head[0].length - 1)) }
}

/** Keys that are added later. */
export function alteredKeysOf(
  statement: SqlStatement,
): { table: string; keys: SqlKey[] } | undefined {
  const head = /^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?([\w.]+)/i.exec(statement.code)
  const table = head?.[1]
  if (head === null || table === undefined) return undefined
  const keys = splitAtCommas(statement.code.slice(head[0].length)).flatMap((part) =>
    keysOf(part.replace(/^\s*add\s+(?:column\s+(?:if\s+not\s+exists\s+)?)?/i, ''), statement.line),
  )
  return { table, keys }
}

function keysOf(part: string, line: number): SqlKey[] {
  const definition = part.replace(/^constraint\s+\w+\s+/i, '')
  const whole = /^(primary\s+key|unique|foreign\s+key)[^(]*\(/i.exec(definition)
  if (whole !== null) {
    return [
      {
        what: wordOf(whole[1] ?? ''),
        columns: columnsIn(inParentheses(definition, whole[0].length - 1)),
        line,
      },
    ]
  }
  const column = /^(\w+)/.exec(definition)?.[1]
  if (column === undefined) return []
  return [...definition.matchAll(/\b(primary\s+key|unique|references)\b/gi)].map(([word]) => ({
    what: wordOf(word),
    columns: [column],
    line,
  }))
}

function wordOf(words: string): SqlKey['what'] {
  if (/^primary/i.test(words)) return 'primary key'
  return /^unique/i.test(words) ? 'unique key' : 'foreign key'
}

function columnsIn(list: string): string[] {
  return splitAtCommas(list).map((column) => column.trim().split(/\s/)[0] ?? '')
}

export function functionOf(statement: SqlStatement): SqlFunction | undefined {
  const head = /^create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([\w.]+)\s*\(/i.exec(
    statement.code,
  )
  const name = head?.[1]
  if (head === null || name === undefined) return undefined
  const list = inParentheses(statement.code, head[0].length - 1)
  const bodyAt = statement.text.search(/\$\w*\$/)
  const settingsFrom = head[0].length + list.length + 1
  const parameters = splitAtCommas(list)
    .map((parameter) => /^\s*(?:(?:in|inout|variadic)\s+)?(\w+)/i.exec(parameter)?.[1] ?? '')
    .filter((parameter) => parameter !== '')
  return {
    path: statement.path,
    line: statement.line,
    name,
    comment: statement.comment,
    parameters,
    settings: statement.code.slice(settingsFrom, bodyAt === -1 ? undefined : bodyAt),
    body: bodyAt === -1 ? '' : blankSql(statement.text.slice(bodyAt), 'keep'),
    bodyLine: statement.line + lineOf(statement.text, Math.max(bodyAt, 0)) - 1,
  }
}

/** What stands in the parentheses that open at `open`. */
function inParentheses(code: string, open: number): string {
  let depth = 0
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === '(') depth += 1
    if (code[at] === ')') depth -= 1
    if (depth === 0) return code.slice(open + 1, at)
  }
  return code.slice(open + 1)
}

function splitAtCommas(code: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < code.length; at += 1) {
    if (code[at] === '(') depth += 1
    if (code[at] === ')') depth -= 1
    if (code[at] === ',' && depth === 0) {
      parts.push(code.slice(from, at))
      from = at + 1
    }
  }
  parts.push(code.slice(from))
  return parts
}
