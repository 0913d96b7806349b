/** Where the repository is, and which of its files are ours. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

export const repositoryRoot = join(import.meta.dirname, '..')

/** Made by tools or by running; not ours to judge. */
const NOT_OURS = new Set(['node_modules', '.git', '.dure', '.apps'])
const TEXT_FILE = /(?:\.(?:tsx?|sql|md|json|html|css|svg|yml|yaml|sh)|\/run|^LICENSE)$/

/** Paths of all files of ours from `root`, with `/`, in alphabetical order. */
export async function filePaths(root: string = repositoryRoot): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) found.push(relative(root, path).split(sep).join('/'))
    }
  }
  await walk(root)
  return found.toSorted()
}

export async function sourcePaths(root: string = repositoryRoot): Promise<string[]> {
  return (await filePaths(root)).filter((path) => path.endsWith('.ts'))
}

export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Every text file of ours, lock file aside. */
export async function textFiles(root: string = repositoryRoot): Promise<TextFile[]> {
  const paths = (await filePaths(root)).filter(
    (path) => TEXT_FILE.test(path) && path !== 'package-lock.json',
  )
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
  )
}
