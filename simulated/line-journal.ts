/**
 * Books on disk: one JSON line for each entry, appended and synced before the answer goes out. What arrives during one
 * sync is written by the next (group commit).
 * The surprise: a line that a kill cut short is dropped at the next start, for it was never answered.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

const NEWLINE = 0x0a

export interface LineJournal<Entry> {
  /** Queues an entry. It is not safe until `durable()` has resolved. */
  append(entry: Entry): void
  /** Resolves when everything appended so far is on disk; rejects for ever after a failed write. */
  durable(): Promise<void>
  close(): Promise<void>
}

export interface LineJournalOptions<Entry> {
  readonly path: string
  /** Whether a line that was read back is an entry. */
  readonly isEntry: (value: unknown) => value is Entry
  /** Receives each entry that was read back, in order. */
  readonly replay: (entry: Entry) => void
  /** Called once when a write or sync failed; the process should end and start anew. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Opens the file, making it where there is none, and hands each entry to `replay` in order.
 * @throws Error where a whole line is unreadable: books that were tampered with are not opened.
 */
export async function openLineJournal<Entry>(
  options: LineJournalOptions<Entry>,
): Promise<LineJournal<Entry>> {
  const { path } = options
  const handle = await open(path, 'a', 0o600)
  try {
    await readBack(handle, options)
    await syncFolder(dirname(path))
  } catch (error) {
    await handle.close()
    throw error
  }
  return writeLineJournal(handle, options.onFailure)
}

async function readBack<Entry>(
  handle: FileHandle,
  { path, isEntry, replay }: LineJournalOptions<Entry>,
): Promise<void> {
  // A device or a pipe might never come to its end.
  if (!(await handle.stat()).isFile()) throw new Error(`${path} is no file`)
  const bytes = await readFile(path)
  const end = bytes.lastIndexOf(NEWLINE) + 1
  if (end < bytes.length) {
    await handle.truncate(end)
    await handle.sync()
  }
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    try {
      const entry: unknown = JSON.parse(line)
      if (!isEntry(entry)) throw new Error('it is no entry')
      replay(entry)
    } catch (error) {
      throw new Error(`line ${index + 1} of ${path} is unreadable`, { cause: error })
    }
  }
}

/** A new file is only safe when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The writing half, on a file that was read back; the journal closes it. */
export function writeLineJournal<Entry>(
  handle: FileHandle,
  onFailure: (error: unknown) => void,
): LineJournal<Entry> {
  let gathering: { lines: string[]; done: PromiseWithResolvers<void> } | undefined
  let last: Promise<void> = Promise.resolve()
  let writing = false
  let failed: Promise<void> | undefined
  let isClosed = false

  const writeAll = async (): Promise<void> => {
    writing = true
    while (gathering !== undefined) {
      const batch = gathering
      gathering = undefined
      try {
        await handle.appendFile(batch.lines.join(''))
        await handle.datasync()
        batch.done.resolve()
      } catch (error) {
        // What is on disk is unknown now, and a second sync would not tell: nothing more is written
        // or answered, not even what was gathered meanwhile.
        failed = batch.done.promise
        batch.done.reject(error)
        onFailure(error)
        return
      }
    }
    writing = false
  }

  return {
    append(entry) {
      // What comes up while the process ends was told to nobody, and is taken up at the next start.
      if (failed !== undefined || isClosed) return
      if (gathering === undefined) {
        gathering = { lines: [], done: Promise.withResolvers<void>() }
        last = gathering.done.promise
      }
      gathering.lines.push(`${JSON.stringify(entry)}\n`)
      if (!writing) void writeAll()
    },
    durable: () => failed ?? last,
    async close() {
      isClosed = true
      try {
        await (failed ?? last)
      } finally {
        await handle.close()
      }
    },
  }
}
