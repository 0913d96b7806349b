/** Which Dure this is: the version of its package. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../../package.json')

export const programVersion = String(
  Reflect.get(Object(JSON.parse(readFileSync(file, 'utf8'))), 'version'),
)
