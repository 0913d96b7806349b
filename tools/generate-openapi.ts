/**
 * Makes docs/reference/openapi.json: the description that the door gives of itself at /openapi.json, taken from a
 * whole API that stands on memory.
 */
import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { Parse } from 'typebox/value'
import { openCity } from '../src/http/routes/fixtures/small-city.ts'

const MANIFEST = new URL('../package.json', import.meta.url)
const Manifest = Type.Object({ version: Type.String() })

export async function openapiPage(): Promise<string> {
  const { version } = Parse(Manifest, JSON.parse(await readFile(MANIFEST, 'utf8')))
  const { app } = await openCity()
  await app.ready()
  const description = app.swagger()
  await app.close()
  description.info.version = version
  return `${JSON.stringify(description, null, 2)}\n`
}
