/**
 * Makes docs/reference/schema.md: the whole database as it is today, read from the catalogue of a freshly migrated one,
 * so that nobody has to play the migrations in his head.
 */
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { openDataDirectory } from '../src/main/data-directory.ts'
import { startEmbeddedPostgres } from '../src/main/embedded-postgres.ts'
import { migrate } from '../src/postgres/migrator.ts'
import { filePaths, repositoryRoot } from './repository.ts'
import { schemas } from './schemas.ts'
import { functionOf, statementsOf } from './sql-text.ts'

export async function schemaPage(): Promise<string> {
  const comments = await functionComments()
  return withFreshDatabase(async (sql) => page(await readCatalogue(sql), comments))
}

/** A PostgreSQL of its own, migrated from nothing, and gone afterwards. */
async function withFreshDatabase<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'dure-schema-')))
  await chmod(directory, 0o755) // Where root runs this, the server runs as another user.
  const data = await openDataDirectory(join(directory, 'data'))
  const server = await startEmbeddedPostgres({
    dataDirectory: data.path,
    secrets: data.secrets,
    log: () => undefined,
    settings: { fsync: 'off' },
  })
  const sql = postgres(server.superuserUrl, { max: 2, onnotice: () => undefined })
  try {
    const password = 'nobody-signs-in-here'
    await migrate(sql, { appPassword: password, auditPassword: password })
    return await work(sql)
  } finally {
    await sql.end()
    await server.stop()
    await data.release()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface Relation {
  readonly schema: string
  readonly name: string
  readonly isView: boolean
  readonly comment: string | null
}

interface Column {
  readonly relation: string
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  readonly comment: string | null
}

interface Rule {
  readonly relation: string
  readonly text: string
}

interface Routine {
  readonly name: string
  readonly parameters: string
  readonly result: string
  readonly language: string
  readonly isDefiner: boolean
}

interface Named {
  readonly name: string
  readonly comment: string | null
  readonly words: readonly string[]
}

interface Catalogue {
  readonly schemas: readonly Named[]
  readonly enumerations: readonly Named[]
  readonly relations: readonly Relation[]
  readonly columns: readonly Column[]
  readonly rules: readonly Rule[]
  readonly indexes: readonly Rule[]
  readonly routines: readonly Routine[]
}

async function readCatalogue(sql: Sql): Promise<Catalogue> {
  return {
    schemas: await sql<Named[]>`
      select nspname as name, obj_description(oid, 'pg_namespace') as comment, '{}'::text[] as words
      from pg_namespace where nspname = any (${schemas}) order by nspname`,
    enumerations: await sql<Named[]>`
      select n.nspname || '.' || t.typname as name, obj_description(t.oid, 'pg_type') as comment,
        (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as words
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where t.typtype = 'e' and n.nspname = any (${schemas}) order by 1`,
    relations: await sql<Relation[]>`
      select n.nspname as schema, n.nspname || '.' || c.relname as name, c.relkind in ('v', 'm') as "isView",
        obj_description(c.oid, 'pg_class') as comment
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and n.nspname = any (${schemas}) order by 1, 2`,
    columns: await sql<Column[]>`
      select n.nspname || '.' || c.relname as relation, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
        a.attnotnull as "isRequired", col_description(c.oid, a.attnum) as comment
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm') and n.nspname = any (${schemas})
      order by 1, a.attnum`,
    rules: await sql<Rule[]>`
      select n.nspname || '.' || c.relname as relation, pg_get_constraintdef(k.oid) as text
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any (${schemas}) and k.contype in ('p', 'u', 'f', 'c')
      order by 1, array_position('{p,u,f,c}', k.contype::text), k.conname`,
    indexes: await sql<Rule[]>`
      select i.schemaname || '.' || i.tablename as relation, i.indexdef as text
      from pg_indexes i
      where i.schemaname = any (${schemas}) and not exists (
        select 1 from pg_constraint k join pg_namespace n on n.oid = k.connamespace
        where k.conname = i.indexname and n.nspname = i.schemaname)
      order by 1, i.indexname`,
    routines: await sql<Routine[]>`
      select n.nspname || '.' || p.proname as name, pg_get_function_arguments(p.oid) as parameters,
        pg_get_function_result(p.oid) as result, l.lanname as language, p.prosecdef as "isDefiner"
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
      where n.nspname = any (${schemas}) order by 1, 2`,
  }
}

/** What stands above each function in sql/functions: its docstring. */
async function functionComments(): Promise<Map<string, { comment: string; path: string }>> {
  const comments = new Map<string, { comment: string; path: string }>()
  for (const path of (await filePaths()).filter((each) => /^sql\/functions\/.*\.sql$/.test(each))) {
    for (const statement of statementsOf(
      path,
      await readFile(join(repositoryRoot, path), 'utf8'),
    )) {
      const found = functionOf(statement)
      if (found !== undefined) comments.set(found.name, { comment: found.comment, path })
    }
  }
  return comments
}

function page(
  catalogue: Catalogue,
  comments: ReadonlyMap<string, { comment: string; path: string }>,
): string {
  const { schemas, enumerations, relations, routines } = catalogue
  return `# The database

Written by \`npm run gen\` from the catalogue of a freshly migrated database; a check fails where this page and the
migrations differ. Do not edit it by hand. The application role executes the functions below and touches no table.

${schemas.map(({ name, comment }) => `- **${name}**: ${comment ?? ''}`).join('\n')}

## Words

| type | values | meaning |
| --- | --- | --- |
${enumerations.map(enumerationRow).join('\n')}

## Tables and views

${relations.map((relation) => relationPart(relation, catalogue)).join('\n')}
## Functions

${routines.map((routine) => routinePart(routine, comments.get(routine.name))).join('\n')}`
}

function enumerationRow({ name, words, comment }: Named): string {
  return `| \`${name}\` | ${words.map((word) => `\`${word}\``).join(', ')} | ${inCell(comment)} |`
}

function relationPart(relation: Relation, { columns, rules, indexes }: Catalogue): string {
  const own = <Row extends { relation: string }>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => row.relation === relation.name)
  const rows = own(columns).map(
    ({ name, type, isRequired, comment }) =>
      `| \`${name}\` | ${type}${isRequired || relation.isView ? '' : ', may be null'} | ${inCell(comment)} |`,
  )
  const said = [
    ...own(rules).map(({ text }) => `- \`${text}\``),
    ...own(indexes).map(
      ({ text }) => `- \`${text.replace(/^CREATE /, '').replace(' USING btree', '')}\``,
    ),
  ]
  return `### ${relation.name}${relation.isView ? ' (view)' : ''}

${relation.comment === null ? '' : `${relation.comment}\n\n`}| column | type | meaning |
| --- | --- | --- |
${rows.join('\n')}
${said.length === 0 ? '' : `\n${said.join('\n')}\n`}`
}

function routinePart(
  { name, parameters, result, language, isDefiner }: Routine,
  source: { comment: string; path: string } | undefined,
): string {
  const rights = isDefiner ? ', with the rights of its owner' : ''
  return `### ${name}

${source === undefined ? '' : `${source.comment}\n\n`}\`\`\`sql
${name}(${parameters})
returns ${result}
\`\`\`

${source === undefined ? '' : `\`${source.path}\`, `}${language}${rights}.
`
}

function inCell(text: string | null): string {
  return (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')
}
