/** Sizes, names and words of single files. */
import { basename } from 'node:path'
import type { TextFile } from './repository.ts'
import { isTestFile } from './rooms.ts'
import { functionsOf, importsOf, lineAt, type SourceText } from './source-text.ts'
import type { TidyFinding } from './tidy-rooms.ts'

export const FILE_LINES_MAX = 400
export const FUNCTION_LINES_MAX = 70
/** A screen's layout is read from top to bottom; half of its lines are brackets. */
export const SCREEN_LINES_MAX = 100
export const COLUMNS_MAX = 120

/** Places where anything may be put are where nothing is found again. */
const DRAWERS = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'types',
  'misc',
  'manager',
  'lib',
])
const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*$/
/** Pages that the world looks for under this name. */
const KNOWN_PAGES =
  /^(?:README(?:\.ko)?|ARCHITECTURE|STYLE|CHANGELOG|CONTRIBUTING|SECURITY|SPEC|LICENSE)(?:\.md)?$/

/** Spelled with brackets so that this file does not contain what it looks for. */
const LEFT_FOR_LATER = /\b(?:TOD[O]|FIXM[E]|HAC[K]|XX[X])\b/g
const OF_ITS_MAKING = new RegExp(
  [
    String.raw`/wor[k]/`,
    String.raw`\bfarm[-]`,
    String.raw`(?<![\w.@/-])share[d]/`,
    String.raw`/(?:hom[e]|roo[t])/`,
    String.raw`blueprin[t]`,
    String.raw`\b[Ii]ssue #[0-9]`,
    String.raw`\b(?:previous|earlier|working|coding) sessio[n]\b`,
    String.raw`\b(?:claud[e]|anthropi[c]|chatgp[t]|copilo[t])\b`,
  ].join('|'),
  'gi',
)

/** What a merge leaves where it could not decide. */
const MERGE_MARK = /^(?:<{7}|>{7}) .*$/gm

/** What is asked of every text file, whatever its language. */
export function fileFindings(file: TextFile): TidyFinding[] {
  const at = (pattern: RegExp, complaint: (found: string) => string): TidyFinding[] =>
    [...file.text.matchAll(pattern)].map((match) => ({
      path: file.path,
      line: lineAt(file.text, match.index),
      complaint: complaint(match[0]),
    }))
  return [
    ...nameFindings(file.path),
    ...at(
      LEFT_FOR_LATER,
      (found) => `${found}: do it now, or write what is missing into the page it belongs to`,
    ),
    ...at(
      OF_ITS_MAKING,
      (found) => `"${found}" tells of a machine or of how this was made, not of what it is`,
    ),
    ...at(MERGE_MARK, () => 'two versions stand here: keep one'),
  ]
}

function nameFindings(path: string): TidyFinding[] {
  const complain = (complaint: string): TidyFinding[] => [{ path, line: 1, complaint }]
  const folders = path.split('/').slice(0, -1)
  const file = basename(path)
  const stem = file.replace(
    /\.(?:(?:db\.)?test\.ts|(?:contract|bench|journey|screens)\.ts|[a-z]+)$/,
    '',
  )
  const drawer = [...folders, stem].find((name) => DRAWERS.has(name))
  if (drawer !== undefined) return complain(`nothing is called ${drawer}: say what it is for`)
  const isOurs = folders.every((folder) => KEBAB.test(folder))
  const isNamed = KEBAB.test(stem) || KNOWN_PAGES.test(file) || !/\.(?:tsx?|md)$/.test(file)
  return isOurs && isNamed ? [] : complain('files and folders are named in kebab-case')
}

/** What is asked of TypeScript. */
export function sourceFindings(source: SourceText): TidyFinding[] {
  return [...sizeFindings(source), ...exportFindings(source), ...testFindings(source)]
}

function sizeFindings({ path, text, code }: SourceText): TidyFinding[] {
  const lines = text.trimEnd().split('\n')
  const findings: TidyFinding[] = []
  if (lines.length > FILE_LINES_MAX) {
    findings.push({
      path,
      line: 1,
      complaint: `${lines.length} lines, more than ${FILE_LINES_MAX}: two things live here`,
    })
  }
  for (const [index, line] of lines.entries()) {
    if ([...line].length > COLUMNS_MAX) {
      findings.push({ path, line: index + 1, complaint: `longer than ${COLUMNS_MAX} columns` })
    }
  }
  if (!isTestFile(path)) {
    for (const { name, line, lines: length } of functionsOf({ path, text, code })) {
      const most = path.endsWith('.tsx') ? SCREEN_LINES_MAX : FUNCTION_LINES_MAX
      if (length <= most) continue
      const complaint = `${name} has ${length} lines, more than ${most}`
      findings.push({ path, line, complaint })
    }
    if (!/^(?:#!.*\n)?\s*(?:\/\*\*|\/\/)/.test(text)) {
      findings.push({
        path,
        line: 1,
        complaint: 'a file opens with a sentence that says what it is for',
      })
    }
  }
  return findings
}

function exportFindings(source: SourceText): TidyFinding[] {
  return [
    ...matches(source, /\bexport\s*\*/g, 'name what is exported: a front door is a list'),
    ...matches(source, /\bexport\s+default\b/g, 'exports have names'),
    ...importsOf(source)
      .filter(
        ({ specifier }) =>
          specifier.startsWith('.') && !/\.(?:tsx?|json|css)$|\?url$/.test(specifier),
      )
      .map(({ line, specifier }) => ({
        path: source.path,
        line,
        complaint: `${specifier}: imports name the file with its .ts`,
      })),
  ]
}

/** A test that is not run tells why, and none keeps the others from running. */
function testFindings(source: SourceText): TidyFinding[] {
  return [
    ...matches(source, /\.only\(|\bonly:\s*true\b/g, 'one test must not silence the others'),
    ...matches(
      source,
      /\b(?:test|it|describe|suite)\.(?:skip|todo)\(|\b(?:skip|todo):\s*true\b|\.(?:skip|todo)\(\s*\)/g,
      'a test that is skipped says why: { skip: reason } or t.skip(reason)',
    ),
  ]
}

function matches(source: SourceText, pattern: RegExp, complaint: string): TidyFinding[] {
  return [...source.code.matchAll(pattern)].map((match) => ({
    path: source.path,
    line: lineAt(source.code, match.index),
    complaint,
  }))
}
