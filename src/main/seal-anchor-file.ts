/**
 * The newest seals' hashes in a file beside the database, one JSON object a line. Whoever cuts off the last seals
 * together with what they sealed leaves a database that is sound in itself: only this file, or a copy of it that was
 * carried elsewhere, still tells.
 */
import { open, truncate, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SealAnchor } from '../ledger/ledger.ts'
import type { SealAnchors } from '../postgres/postgres.ts'
import { readIfThere, syncFolder, writeDurably } from './durable-file.ts'
import { StartupProblem } from './startup-problem.ts'

export const SEAL_ANCHOR_FILE = 'seal-anchors.jsonl'
/** Then only the newest anchor of each issuer is kept: by the chain it stands for all before it. */
const BYTES_MAX = 64 * 1024 * 1024
const MODE = 0o600

export interface SealAnchorFile extends SealAnchors {
  close(): Promise<void>
}

/** Opens the file, making it when missing. A last line that a crash cut short was never promised and is removed. */
export async function openSealAnchorFile(
  path: string,
  { bytesMax = BYTES_MAX }: { bytesMax?: number } = {},
): Promise<SealAnchorFile> {
  const text = (await readIfThere(path)) ?? ''
  const whole = wholeLines(text)
  if (whole !== text) await truncate(path, Buffer.byteLength(whole))
  const newest = new Map<number, SealAnchor>()
  for (const anchor of parseAnchors(path, whole)) newest.set(anchor.issuerId, anchor)
  let bytes = Buffer.byteLength(whole)
  let file = await openToAppend(path)

  const append = async (anchor: SealAnchor): Promise<void> => {
    const line = lineOf(anchor)
    const { size } = await file.stat()
    try {
      await file.appendFile(line)
      await file.datasync()
    } catch (error) {
      // On a full disk the line may be cut short, and the next one must not begin inside it.
      await file.truncate(size)
      throw error
    }
    newest.set(anchor.issuerId, anchor)
    bytes += Buffer.byteLength(line)
    if (bytes <= bytesMax) return
    const kept = [...newest.values()].map(lineOf).join('')
    await writeDurably(path, kept, MODE)
    await file.close()
    file = await openToAppend(path)
    bytes = Buffer.byteLength(kept)
  }
  // One after the other, so that no line stands inside another.
  let last: Promise<void> = Promise.resolve()
  return {
    last: (issuerId) => newest.get(issuerId),
    append(anchor) {
      const appended = last.then(() => append(anchor))
      last = appended.catch(() => undefined) // Told to who asked for it.
      return appended
    },
    async close() {
      await last
      await file.close()
    },
  }
}

/** All anchors, oldest first; `undefined` where there is no such file. @throws StartupProblem on a foreign line */
export async function readSealAnchors(path: string): Promise<SealAnchor[] | undefined> {
  const text = await readIfThere(path)
  return text === undefined ? undefined : parseAnchors(path, wholeLines(text))
}

async function openToAppend(path: string): Promise<FileHandle> {
  const file = await open(path, 'a', MODE)
  await syncFolder(dirname(path))
  return file
}

function lineOf({ issuerId, segment, hash }: SealAnchor): string {
  return `${JSON.stringify({ issuerId, segment, hash })}\n`
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

function parseAnchors(path: string, text: string): SealAnchor[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const anchor = parseAnchor(line)
      if (anchor === undefined) {
        throw new StartupProblem(`line ${index + 1} of ${path} is not the anchor of a seal`)
      }
      return anchor
    })
}

function parseAnchor(line: string): SealAnchor | undefined {
  try {
    const { issuerId, segment, hash } = JSON.parse(line)
    const isAnchor =
      Number.isSafeInteger(issuerId) && Number.isSafeInteger(segment) && /^[0-9a-f]{64}$/.test(hash)
    return isAnchor ? { issuerId, segment, hash } : undefined
  } catch {
    return undefined // Said by the caller, with the line's number.
  }
}
