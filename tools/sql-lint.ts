/**
 * The rules that let the same SQL run on one PostgreSQL, on many, or spread over one cluster by issuer:
 *   node tools/sql-lint.ts
 * Every key begins with the issuer, every statement of a function names it for every table, and nothing depends on
 * what belongs to one machine: sequences, triggers, advisory locks, notifications, physical row addresses.
 */
import type { TextFile } from './repository.ts'
import { textFiles } from './repository.ts'
import {
  alteredKeysOf,
  blankSql,
  functionOf,
  lineOf,
  statementsOf,
  tableOf,
  uniqueIndexOf,
  type SqlFunction,
  type SqlKey,
  type SqlStatement,
} from './sql-text.ts'

export interface SqlFinding {
  readonly path: string
  readonly line: number
  readonly complaint: string
}

/** Tables that belong to no issuer: copied to every machine, and never written by a payment. */
const REFERENCE_TABLES = new Map([
  ['registry.core_node', 'one row; read and written once when a core starts'],
])

/** A comment above a function that reads across issuers: `-- across issuers: why that is right`. */
const ACROSS_ISSUERS = /^across issuers: \S/m

/** Words that may follow a table's name and are not another name for it. */
const NO_ALIAS = [
  'where|on|set|order|for|group|left|right|full|inner|cross|join|natural|limit|union|except|intersect|window',
  'having|offset|returning|using|values|select|loop|then|do|tablesample',
].join('|')

const forbiddenEverywhere: readonly (readonly [RegExp, string])[] = [
  [
    /\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b/gi,
    'no triggers: the function does the work',
  ],
  [
    /\bcreate\s+(?:temp\w*\s+)?sequence\b|\b(?:small|big)?serial\b|\bas\s+identity\b|\bnextval\s*\(/gi,
    'no sequences: ids come from the client or from the source of ids',
  ],
  [/\bpg_(?:try_)?advisory\w*/gi, 'no advisory locks: they belong to one machine; lock rows'],
  [
    /\bpg_notify\b|^\s*(?:notify|listen)\s/gim,
    'no notifications: they reach one machine only; follow the rows',
  ],
  [
    /\b(?:ctid|tableoid|xmin|xmax|cmin|cmax)\b/gi,
    'no system columns: they mean something on one machine only',
  ],
  [/\bmerge\s+into\b/gi, 'no merge: insert … on conflict'],
  [
    /\bas\s+(?:not\s+)?(?:materialized\s+)?\(\s*insert\b/gi,
    'no insert inside a with: it would touch every machine',
  ],
  [/\bprepare\s+transaction\b/gi, 'no transaction of ours spans machines'],
  [
    /\bcurrent_setting\s*\(/gi,
    'what a function must know comes as an argument: settings stay on one machine',
  ],
]

const forbiddenInFunctions: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:now|(?:clock|statement|transaction)_timestamp|timeofday|random|gen_random_uuid|setseed)\s*\(/gi,
    'time and chance come as arguments: the same call must give the same answer',
  ],
  [
    /\b(?:current_timestamp|localtimestamp|current_date|current_time|localtime)\b/gi,
    'time and chance come as arguments: the same call must give the same answer',
  ],
  [
    /\bfetch\b|\bcursor\b|\bwhere\s+current\s+of\b/gi,
    'no cursors: take a set and answer with a set',
  ],
]

if (import.meta.main) {
  const findings = sqlFindings(await textFiles())
  for (const { path, line, complaint } of findings) console.log(`${path}:${line}: ${complaint}`)
  console.log(
    findings.length === 0 ? 'The SQL is ready to be spread.' : `${findings.length} to mend.`,
  )
  process.exitCode = findings.length === 0 ? 0 : 1
}

/** Judges all .sql files among the given ones, the migrations first, because they say which tables there are. */
export function sqlFindings(files: readonly TextFile[]): SqlFinding[] {
  const sql = files.filter(({ path }) => path.endsWith('.sql'))
  const statements = sql.flatMap(({ path, text }) => statementsOf(path, text))
  const tables = statements.flatMap((statement) => tableOf(statement)?.name ?? [])
  return [
    ...sql.flatMap((file) => occurrences(file, forbiddenEverywhere)),
    ...statements.flatMap((statement) => keyFindings(statement)),
    ...statements.flatMap((statement) => {
      const found = functionOf(statement)
      return found === undefined ? [] : functionFindings(found, tables)
    }),
  ]
}

function occurrences(
  { path, text }: TextFile,
  patterns: readonly (readonly [RegExp, string])[],
  firstLine = 1,
): SqlFinding[] {
  const code = blankSql(text, 'keep')
  return patterns.flatMap(([pattern, complaint]) =>
    [...code.matchAll(pattern)].map((match) => ({
      path,
      line: firstLine - 1 + lineOf(code, match.index + match[0].search(/\S/)),
      complaint: `${match[0].trim().replaceAll(/\s+/g, ' ')}: ${complaint}`,
    })),
  )
}

function keyFindings(statement: SqlStatement): SqlFinding[] {
  const { path, line } = statement
  const table = tableOf(statement)
  const index = uniqueIndexOf(statement)
  const altered = alteredKeysOf(statement)
  if (index !== undefined) {
    return judgeKeys(path, index.table, [{ what: 'unique key', columns: index.columns, line }])
  }
  if (altered !== undefined) return judgeKeys(path, altered.table, altered.keys)
  if (table === undefined || REFERENCE_TABLES.has(table.name)) return []
  const hasPrimaryKey = table.keys.some(({ what }) => what === 'primary key')
  return [
    ...(hasPrimaryKey ? [] : [{ path, line, complaint: `${table.name} has no primary key` }]),
    ...judgeKeys(path, table.name, table.keys),
  ]
}

function judgeKeys(path: string, table: string, keys: readonly SqlKey[]): SqlFinding[] {
  if (REFERENCE_TABLES.has(table)) return []
  return keys.flatMap(({ what, columns, line }) => {
    const isGood =
      what === 'foreign key' ? columns.includes('issuer_id') : columns[0] === 'issuer_id'
    if (isGood) return []
    const wish = what === 'foreign key' ? 'contains' : 'begins with'
    return [
      { path, line, complaint: `${what} of ${table} (${columns.join(', ')}) ${wish} no issuer_id` },
    ]
  })
}

function functionFindings(found: SqlFunction, tables: readonly string[]): SqlFinding[] {
  const { path, line, name, body, bodyLine, settings } = found
  const complain = (complaint: string): SqlFinding => ({
    path,
    line,
    complaint: `${name}: ${complaint}`,
  })
  const findings = occurrences({ path, text: body }, forbiddenInFunctions, bodyLine)
  const searchPath = /\bset\s+search_path\s*(?:=|to)\s*([\w\s,"]+?)(?=\bset\b|\bas\b|$)/i.exec(
    settings,
  )?.[1]
  if (searchPath === undefined) findings.push(complain('sets no search_path'))
  else if (!/\bpg_temp\s*$/.test(searchPath))
    findings.push(complain('its search_path does not end with pg_temp'))
  if (waitsForLocks(body) && !/\bset\s+lock_timeout\b/i.test(settings)) {
    findings.push(complain('waits for locks and sets no lock_timeout'))
  }
  for (const match of body.matchAll(/\bfor\s+[\w,\s]+?\s+in\s+(?<range>[^;]*?)\bloop\b/gi)) {
    if (match.groups?.['range']?.includes('..') === true) continue
    findings.push({
      path,
      line: bodyLine - 1 + lineOf(body, match.index),
      complaint: `${name}: no loop over rows: take a set and answer with a set`,
    })
  }
  if (ACROSS_ISSUERS.test(found.comment)) return findings
  if (found.parameters[0] !== 'p_issuer_id')
    findings.push(complain('its first argument is not p_issuer_id'))
  return [...findings, ...issuerFindings(found, tables)]
}

function waitsForLocks(body: string): boolean {
  return /\b(?:insert\s+into|update\s+\w+|delete\s+from|for\s+(?:no\s+key\s+)?update)\b/i.test(body)
}

/** Each mention of a table must come with `alias.issuer_id = p_issuer_id` in the same statement. */
function issuerFindings(found: SqlFunction, tables: readonly string[]): SqlFinding[] {
  const { path, name, body, bodyLine } = found
  const findings: SqlFinding[] = []
  let at = 0
  for (const statement of body.split(';')) {
    const line = bodyLine - 1 + lineOf(body, at + statement.search(/\S|$/))
    at += statement.length + 1
    for (const complaint of statementComplaints(statement, tables)) {
      findings.push({ path, line, complaint: `${name}: ${complaint}` })
    }
  }
  return findings
}

function statementComplaints(statement: string, tables: readonly string[]): string[] {
  const complaints = insertComplaints(statement)
  if (
    /\bupdate\b[\s\S]*\bset\b[^;]*?(?:\bset|,)\s*(?:\w+\.)?issuer_id\s*=/i.test(
      beforeWhere(statement),
    )
  ) {
    complaints.push('an issuer_id is never updated')
  }
  const mentions = new Map<string, number>()
  for (const alias of aliasesOf(statement, tables))
    mentions.set(alias, (mentions.get(alias) ?? 0) + 1)
  for (const [alias, times] of mentions) {
    const restricted = new RegExp(
      String.raw`(?<![\w.])${alias}\.issuer_id\s*=\s*p_issuer_id\b|\bp_issuer_id\s*=\s*${alias}\.issuer_id\b`,
      'g',
    )
    const predicates = [...statement.matchAll(restricted)].length
    if (predicates < times) {
      complaints.push(
        `${alias} stands for a table ${times} times and ${alias}.issuer_id = p_issuer_id is said ${predicates} times`,
      )
    }
  }
  return complaints
}

/** The set list of an update ends at its from or where. */
function beforeWhere(statement: string): string {
  const update = /\bupdate\b[\s\S]*?(?=\bfrom\b|\bwhere\b|$)/i.exec(statement)
  return update?.[0] ?? ''
}

/** For every table that is read or updated: the name it is spoken of by. */
function aliasesOf(statement: string, tables: readonly string[]): string[] {
  const names = tables.flatMap((table) => [
    table.replace('.', String.raw`\.`),
    table.split('.')[1] ?? table,
  ])
  const mention = new RegExp(
    String.raw`(?:\bfrom|\bjoin|\bupdate|\busing|,)\s+(?:only\s+)?` +
      String.raw`(?<table>${names.join('|')})\b(?!\s*[.(,])` +
      String.raw`(?:\s+(?:as\s+)?(?!(?:${NO_ALIAS})\b)(?<alias>\w+))?`,
    'gi',
  )
  return [...statement.matchAll(mention)].flatMap((match) => {
    const { table = '', alias } = match.groups ?? {}
    // A comma also separates columns, which have no second name here.
    if (match[0].startsWith(',') && alias === undefined) return []
    return [alias ?? table.split('.').at(-1) ?? table]
  })
}

/** An insert names the issuer first, and gives its own. */
function insertComplaints(statement: string): string[] {
  return [
    ...statement.matchAll(/\binsert\s+into\s+([\w.]+)([^(]*)\(([^)]*)\)\s*([\s\S]*)/gi),
  ].flatMap(([, table = '', , columns = '', rest = '']) => {
    if (REFERENCE_TABLES.has(table)) return []
    const target = /\bon\s+conflict\s*\(\s*(\w+)/i.exec(rest)?.[1]
    return [
      ...(/^\s*issuer_id\b/.test(columns)
        ? []
        : [`an insert into ${table} does not begin with issuer_id`]),
      ...(/^(?:select\s+(?:distinct\s+)?|values\s*\(\s*)p_issuer_id\b/i.test(rest)
        ? []
        : [`an insert into ${table} does not begin its rows with p_issuer_id`]),
      ...(target === undefined || target === 'issuer_id'
        ? []
        : [`on conflict of ${table} does not begin with issuer_id`]),
    ]
  })
}
