/**
 * Reads TypeScript just far enough to judge it: which characters are code, which are strings, which are comments; what
 * a file imports; where its functions begin and end. Not a parser: it trusts that the compiler has read the file too.
 */

export interface SourceText {
  readonly path: string
  readonly text: string
  /** Comments and the insides of strings, templates and patterns are blanks; all else stands where it stood. */
  readonly code: string
}

export interface Import {
  readonly specifier: string
  readonly line: number
  readonly isTypeOnly: boolean
}

export interface FunctionSpan {
  readonly name: string
  readonly line: number
  readonly lines: number
}

/** After these a slash begins a pattern; after a name, a number or a closing bracket it divides. */
const BEFORE_PATTERN =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|await|yield|else|do))\s*$/

export function readSource(path: string, text: string): SourceText {
  return { path, text, code: blankOut(text) }
}

function blankOut(text: string): string {
  const out = [...text.replaceAll(/[^\n]/gu, (character) => ' '.repeat(character.length))]
  const keep = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) out[at] = text[at] ?? ''
  }
  /** For each `${` that is open: how many braces are open inside it. */
  const templates: number[] = []
  let at = 0
  while (at < text.length) {
    const two = text.slice(at, at + 2)
    const character = text[at] ?? ''
    if (two === '//' || (at === 0 && two === '#!')) at = endOf(text, '\n', at)
    else if (two === '/*') at = endOf(text, '*/', at + 2) + 2
    else if (character === '"' || character === "'") {
      const end = endOfQuoted(text, at + 1, character)
      keep(at, at + 1)
      keep(end - 1, end)
      at = end
    } else if (opensPattern(text, at)) {
      at = endOfPattern(text, at + 1)
    } else if (character === '`' || (character === '}' && templates.at(-1) === 0)) {
      if (character === '}') templates.pop()
      const end = endOfTemplate(text, at + 1)
      if (text.slice(end - 2, end) === '${') templates.push(0)
      at = end
    } else {
      const depth = templates.length - 1
      if (character === '{' && depth >= 0) templates[depth] = (templates[depth] ?? 0) + 1
      if (character === '}' && depth >= 0) templates[depth] = (templates[depth] ?? 0) - 1
      keep(at, at + 1)
      at += 1
    }
  }
  return out.join('')
}

/** Whether a slash begins a pattern: not one of `</p>` or `/>`, which close what JSX opened. */
function opensPattern(text: string, at: number): boolean {
  if (text[at] !== '/' || text[at - 1] === '<' || text[at + 1] === '>') return false
  return BEFORE_PATTERN.test(text.slice(Math.max(0, at - 40), at))
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? text.length : found
}

function endOfQuoted(text: string, from: number, quote: string): number {
  let at = from
  while (at < text.length && text[at] !== quote && text[at] !== '\n')
    at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function endOfPattern(text: string, from: number): number {
  let inClass = false
  let at = from
  while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true
    if (text[at] === ']') inClass = false
    at += text[at] === '\\' ? 2 : 1
  }
  return at + 1
}

/** After the closing mark, or after the `${` that interrupts the template. */
function endOfTemplate(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) return at + 2
    at += text[at] === '\\' ? 2 : 1
  }
  return at + 1
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

const IMPORT =
  /\b(?:import|export)\s+(?<typed>type\s)?(?:[\w*\s{},]*?\bfrom\s*)?(?<quote>["'])|\bimport\(\s*(?<called>["'])/g

/** Every module that the file names: `import`, `export … from` and `import()`. */
export function importsOf({ text, code }: SourceText): Import[] {
  return [...code.matchAll(IMPORT)].map((match) => {
    const from = match.index + match[0].length
    const quote = match.groups?.['quote'] ?? match.groups?.['called'] ?? "'"
    return {
      specifier: text.slice(from, code.indexOf(quote, from)),
      line: lineAt(text, match.index),
      isTypeOnly: match.groups?.['typed'] !== undefined,
    }
  })
}

const MODIFIERS = String.raw`(?:async\s+|static\s+|override\s+|private\s+|get\s+|set\s+|\*\s*)*`
const NO_METHOD = '(?!(?:if|for|while|switch|catch|with|return|function|await)\\b)'
const HEAD = new RegExp(
  [
    String.raw`\bfunction\b\s*\*?\s*(?<named>[\w$]*)`,
    String.raw`(?<arrow>=>)\s*\{`,
    String.raw`^[ \t]*${MODIFIERS}(?<method>${NO_METHOD}[\w$#]+)\s*(?=[(<])`,
  ].join('|'),
  'gm',
)
/** The name and parameters in front of an arrow, as far back as the last other arrow. */
const ARROW_HEAD =
  /\b(?:const|let)\s+(?<bound>[\w$]+)\s*(?::[^=;]*)?=\s*(?:async\s*)?(?:<[^()]*>\s*)?(?:\((?:(?!=>)[^;])*|\w+\s*)$/
const ARROW_HEAD_LENGTH_MAX = 2000

/** Functions with a body in braces, with the lines from their head to their closing brace. */
export function functionsOf({ code }: SourceText): FunctionSpan[] {
  const spans: FunctionSpan[] = []
  for (const match of code.matchAll(HEAD)) {
    const { named, arrow, method } = match.groups ?? {}
    const end = match.index + match[0].length
    const open = arrow === undefined ? bodyStart(code, end) : end - 1
    if (open === undefined) continue
    const before = code.slice(Math.max(0, match.index - ARROW_HEAD_LENGTH_MAX), match.index)
    const head = arrow === undefined ? null : ARROW_HEAD.exec(before)
    const from = head === null ? match[0].search(/\S/) : head.index - before.length
    const line = lineAt(code, match.index + from)
    const lines = lineAt(code, closing(code, open)) - line + 1
    const name = [named, method, head?.groups?.['bound']].find(Boolean) ?? 'a function'
    spans.push({ name, line, lines })
  }
  return spans
}

/** From behind a function's name: past type parameters, parameters and return type, to the brace of the body. */
function bodyStart(code: string, from: number): number | undefined {
  const parameters = code.indexOf('(', code[from] === '<' ? closingAngle(code, from) : from)
  if (parameters === -1) return undefined
  if (code[from] !== '<' && /[;={}]/.test(code.slice(from, parameters))) return undefined
  let at = closing(code, parameters) + 1
  let isType = false
  for (; at < code.length; at += 1) {
    const character = code[at] ?? ''
    if (character === '\n' && endsStatement(code, at)) return undefined
    if (/\s/.test(character)) continue
    if (character === '{') {
      if (!isType || !/[:|&<,(]\s*$|\bis\s*$/.test(code.slice(0, at))) return at
      at = closing(code, at)
    } else if (!isType && character !== ':') return undefined
    else if (/[;=]/.test(character) && code[at + 1] !== '>') return undefined
    else if ('(['.includes(character)) at = closing(code, at)
    else if (code.startsWith('=>', at)) return undefined
    isType = true
  }
  return undefined
}

/** Whether a line break inside a return type ends the whole declaration: an interface's method has no body. */
function endsStatement(code: string, at: number): boolean {
  const isContinued = /(?:[:|&<,(]|=>|\bis)\s*$/.test(code.slice(Math.max(0, at - 80), at))
  return !isContinued && !/^\s*[|&>{)\]]/.test(code.slice(at, at + 80))
}

/** Where the type parameters that begin at `open` end; an arrow in them is not an end. */
function closingAngle(code: string, open: number): number {
  let depth = 0
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === '<') depth += 1
    if (code[at] === '>' && code[at - 1] !== '=') depth -= 1
    if (depth === 0) return at
  }
  return code.length - 1
}

/** Where the bracket at `open` is closed. */
function closing(code: string, open: number): number {
  let depth = 0
  for (let at = open; at < code.length; at += 1) {
    const character = code[at] ?? ''
    if ('({['.includes(character)) depth += 1
    if (')}]'.includes(character)) depth -= 1
    if (depth === 0) return at
  }
  return code.length - 1
}
