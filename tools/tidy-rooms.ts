/** Who may import whom, and what pure rooms keep away from. Judged file by file, from the text. */
import { posix } from 'node:path'
import { isTestFile, roomNamed, roomNameOf, type Room } from './rooms.ts'
import { importsOf, lineAt, type Import, type SourceText } from './source-text.ts'

export interface TidyFinding {
  readonly path: string
  readonly line: number
  /** A sentence for whoever has to mend it. */
  readonly complaint: string
}

/** What a pure room would have to take as an argument instead. */
const impurities: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b/g, 'take `now` as an argument'],
  [/\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/g, 'take ids and chance as arguments'],
  [/\bprocess\b\s*[.[]|=\s*process\b/g, 'take what the process knows as an argument'],
  [
    /\b(?:setTimeout|setInterval|setImmediate)\b/g,
    'a pure room waits for nothing: leave time to jobs',
  ],
  [/\bconsole\b/g, 'a pure room says nothing: return it'],
  [/\bfetch\(/g, 'a pure room speaks to nobody: take an interface'],
]

const clocks = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\brandomUUID\b/g
const environment = /\bprocess\s*\.\s*env\b|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g

export function roomFindings(source: SourceText): TidyFinding[] {
  if (source.path.startsWith('web/') && !isTestFile(source.path)) return appFindings(source)
  const name = roomNameOf(source.path)
  if (name === undefined || isTestFile(source.path)) return []
  const room = roomNamed(name)
  if (room === undefined) {
    return [finding(source, 1, `${name} is not in the table of rooms (tools/rooms.ts)`)]
  }
  return [
    ...importsOf(source).flatMap((each) => importComplaint(source, room, each)),
    ...(room.isPure ? impurityFindings(source) : ambientFindings(source, room)),
  ]
}

/** Apps of one kind of person each, and what all of them are built from. */
const BUILT_FROM = /^web\/(?:ui|api|worker)\//

/** The apps may use pure rooms, by their front doors, and what all are built from; never one another. */
function appFindings(source: SourceText): TidyFinding[] {
  return importsOf(source).flatMap(({ specifier, line }) => {
    if (!specifier.startsWith('.')) return []
    const target = posix.join(posix.dirname(source.path), specifier)
    const room = roomNamed(roomNameOf(target) ?? '')
    if (room !== undefined) {
      const isDoor = room.isPure && target === `src/${room.name}/${room.name}.ts`
      return isDoor ? [] : [finding(source, line, `apps enter pure rooms by their front doors`)]
    }
    if (!target.startsWith('web/')) return [finding(source, line, `web/ must not import ${target}`)]
    const isOwn = target.split('/')[1] === source.path.split('/')[1]
    const isShared = BUILT_FROM.test(target)
    return isOwn || isShared ? [] : [finding(source, line, `one app must not import another's`)]
  })
}

function importComplaint(source: SourceText, room: Room, imported: Import): TidyFinding[] {
  const { specifier, line } = imported
  const complaint = specifier.startsWith('.')
    ? insideComplaint(source.path, room, posix.join(posix.dirname(source.path), specifier))
    : outsideComplaint(room, specifier)
  return complaint === undefined ? [] : [finding(source, line, complaint)]
}

function insideComplaint(from: string, room: Room, target: string): string | undefined {
  if (isTestFile(target)) return `${target} is for tests only`
  const name = roomNameOf(target)
  if (name === undefined) return `src/ must not import ${target}`
  if (name === room.name) return undefined
  const other = roomNamed(name)
  if (other === undefined) return `${name} is not in the table of rooms (tools/rooms.ts)`
  if (other.line === room.line)
    return `${room.name} and ${name} stand on one line: neither imports the other`
  if (other.line > room.line || room.never?.includes(name) === true) {
    return `${room.name} must not import ${name}`
  }
  if (other.onlyFor?.includes(room.name) === false) {
    return `${name} is only for ${other.onlyFor.join(', ')}, not for ${room.name}`
  }
  const door = `src/${name}/${name}.ts`
  return target === door
    ? undefined
    : `enter ${name} by its front door ${door}, not ${target} (${from})`
}

function outsideComplaint(room: Room, specifier: string): string | undefined {
  if (!room.isPure || room.packages?.includes(specifier) === true) return undefined
  return specifier.startsWith('node:')
    ? `${room.name} is pure and imports no ${specifier}`
    : `${room.name} is pure and imports no package ${specifier}`
}

function impurityFindings(source: SourceText): TidyFinding[] {
  return impurities.flatMap(([pattern, advice]) =>
    occurrences(source, pattern).map(({ line, found }) =>
      finding(source, line, `${found}: ${advice}`),
    ),
  )
}

function ambientFindings(source: SourceText, room: Room): TidyFinding[] {
  if (room.name === 'main') return []
  return [
    ...occurrences(source, environment).map(({ line }) =>
      finding(source, line, 'only main reads the environment: take the value as an argument'),
    ),
    ...occurrences(source, clocks).map(({ line, found }) =>
      finding(
        source,
        line,
        `${found}: only main knows time and chance: take a clock or a source of ids`,
      ),
    ),
  ]
}

function occurrences(source: SourceText, pattern: RegExp): { line: number; found: string }[] {
  return [...source.code.matchAll(pattern)].map((match) => ({
    line: lineAt(source.code, match.index),
    found: match[0].trim(),
  }))
}

function finding(source: SourceText, line: number, complaint: string): TidyFinding {
  return { path: source.path, line, complaint }
}
