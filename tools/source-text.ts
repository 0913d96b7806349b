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
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|await|yield|else|do))\s*$/

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
    } else if (character === '/' && BEFORE_PATTERN.test(text.slice(Math.max(0, at - 40), at))) {
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

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? text.length : found
}

function endOfQuoted(text: string, from: number, quote: string): number {
  let at = from
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
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

const HEAD =
  /\bfunction\b\s*\*?\s*(?<named>[\w$]*)|(?:\b(?<bound>[\w$]+)\s*[:=][^=;{}()]*?)?(?<arrow>=>)\s*\{|^[ \t]*(?:async\s+|static\s+|override\s+|private\s+|get\s+|set\s+|\*\s*)*(?<method>(?!(?:if|for|while|switch|catch|with|return|function|await)\b)[\w$#]+)\s*(?=[(<])/gm

/** Functions with a body in braces, with the lines from their head to their closing brace. */
export function functionsOf({ code }: SourceText): FunctionSpan[] {
  const spans: FunctionSpan[] = []
  for (const match of code.matchAll(HEAD)) {
    const { named, bound, arrow, method } = match.groups ?? {}
    const end = match.index + match[0].length
    const open = arrow === undefined ? bodyStart(code, end) : end - 1
    if (open === undefined) continue
    const from = match.index + match[0].search(/\S/)
    const line = lineAt(code, from)
    const lines = lineAt(code, closing(code, open)) - line + 1
    spans.push({ name: [named, bound, method].find(Boolean) ?? 'a function', line, lines })
  }
  return spans
}

/** From behind a function's name: past type parameters, parameters and return type, to the brace of the body. */
function bodyStart(code: string, from: number): number | undefined {
  const parameters = code.indexOf('(', from)
  if (parameters === -1 || /[;={}]/.test(code.slice(from, parameters))) return undefined
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
