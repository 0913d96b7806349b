/**
 * The exchange directory: what a file transfer with a card company would do, as folders. For each partner
 * `from-partner/` is theirs to fill and `to-partner/` theirs to fetch from; `taken/`, `refused/` and `archive/` are
 * ours. Files are written under a temporary name and then renamed, so that whoever looks sees whole files only.
 */
import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '../base/base.ts'
import { FILE_BYTES_MAX, type ClearingFiles } from '../clearing/clearing.ts'
import type { FileProblem } from '../iso8583/iso8583.ts'

/** What the clearing run needs of the exchange. */
export interface ClearingArrivals {
  /** Names of whole files that a partner put there, in order. */
  waiting(partnerCode: string): Promise<readonly string[]>
  /** Names of files that were set aside as taken since an instant. */
  takenSince(partnerCode: string, since: Instant): Promise<readonly string[]>
  /** A file that waits, or that was taken. `undefined` for one that is too large to be one of ours. */
  read(
    partnerCode: string,
    name: string,
    from?: 'from-partner' | 'taken',
  ): Promise<Uint8Array | undefined>
  /** Moves a file out of the partner's folder. */
  setAside(partnerCode: string, name: string, as: 'taken' | 'refused'): Promise<void>
  /** Lays what is wrong with a file beside what the partner fetches. */
  tellProblems(partnerCode: string, name: string, problems: readonly FileProblem[]): Promise<void>
}

/** What became of a file that somebody put there; `later`: it waits for another one. */
type Arrived =
  | { readonly status: 'taken' | 'later' }
  | { readonly status: 'refused'; readonly problems: readonly FileProblem[] }

/**
 * A file leaves the partner's folder only after it was taken or its refusal was laid out.
 * @param take is given no bytes of a file that is too large to be one of ours
 */
export async function takeArrival<Taken extends Arrived>(
  arrivals: ClearingArrivals,
  { partnerCode, name }: { readonly partnerCode: string; readonly name: string },
  take: (bytes: Uint8Array | undefined) => Promise<Taken>,
): Promise<Taken> {
  const taken = await take(await arrivals.read(partnerCode, name))
  if (taken.status === 'later') return taken
  if (taken.status === 'refused') await arrivals.tellProblems(partnerCode, name, taken.problems)
  await arrivals.setAside(partnerCode, name, taken.status)
  return taken
}

export type ClearingExchange = ClearingArrivals & ClearingFiles

const folders = ['from-partner', 'to-partner', 'taken', 'refused', 'archive'] as const
type Folder = (typeof folders)[number]
const OWN_MODE = 0o700
const FILE_MODE = 0o600
/** A file that is being written by somebody: left alone until it has its name. */
const UNFINISHED = /^\.|\.(?:part|tmp)$/
const encoder = new TextEncoder()

export function createClearingExchange(directory: string): ClearingExchange {
  const folder = (partnerCode: string, name: Folder): string => join(directory, partnerCode, name)
  const archive = join(directory, 'archive')
  const give = async (partnerCode: string, name: string, bytes: Uint8Array): Promise<void> => {
    await openFolder(folder(partnerCode, 'to-partner'))
    await writeWhole(folder(partnerCode, 'to-partner'), name, bytes)
  }
  return {
    async waiting(partnerCode) {
      const from = folder(partnerCode, 'from-partner')
      await openFolder(from)
      const entries = await readdir(from, { withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
        .map(({ name }) => name)
        .toSorted()
    },
    async takenSince(partnerCode, since) {
      const taken = folder(partnerCode, 'taken')
      await openFolder(taken)
      const names = (await readdir(taken)).toSorted()
      const times = await Promise.all(names.map((name) => stat(join(taken, name))))
      return names.filter((_, index) => times[index]!.ctimeMs >= since)
    },
    async read(partnerCode, name, from = 'from-partner') {
      const path = join(folder(partnerCode, from), name)
      const { size } = await stat(path)
      return size > FILE_BYTES_MAX ? undefined : readFile(path)
    },
    async setAside(partnerCode, name, as) {
      await openFolder(folder(partnerCode, as))
      await rename(
        join(folder(partnerCode, 'from-partner'), name),
        join(folder(partnerCode, as), name),
      )
    },
    tellProblems: (partnerCode, name, problems) =>
      give(partnerCode, `${name}.refused.txt`, encoder.encode(problemText(name, problems))),
    async keep(sha256, bytes) {
      await openFolder(archive)
      await writeWhole(archive, sha256, bytes)
    },
    async kept(sha256) {
      try {
        return await readFile(join(archive, sha256))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
    give,
  }
}

async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWN_MODE })
}

/** Beside, synced, renamed over, and the folder synced: there whole or not at all, also after a loss of power. */
async function writeWhole(path: string, name: string, bytes: Uint8Array): Promise<void> {
  const beside = join(path, `.${name}.part`)
  const file = await open(beside, 'w', FILE_MODE)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, join(path, name))
  const opened = await open(path, constants.O_RDONLY)
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** One line for each problem, as an editor would name the place. Values are never in it. */
function problemText(name: string, problems: readonly FileProblem[]): string {
  const lines = problems.map(({ line, field, expected }) => {
    const place = line === 0 ? name : `${name}:${line}`
    return `${place}: ${field === null ? '' : `${field}: `}expected ${expected}`
  })
  return `${lines.join('\n')}\n`
}
