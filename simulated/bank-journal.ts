/** The bank's books on disk. */
import type { FileHandle } from 'node:fs/promises'
import { Check } from 'typebox/value'
import { Entry } from './bank-books.ts'
import { openLineJournal, writeLineJournal, type LineJournal } from './line-journal.ts'

export type BankJournal = LineJournal<Entry>

/**
 * Opens the file, making it where there is none, and hands each entry to `replay` in order.
 * @param onFailure called once when a write or sync failed; the process should end and start anew
 * @throws Error where a whole line is unreadable: books that were tampered with are not opened.
 */
export function openBankJournal(
  path: string,
  replay: (entry: Entry) => void,
  onFailure: (error: unknown) => void,
): Promise<BankJournal> {
  const isEntry = (value: unknown): value is Entry => Check(Entry, value)
  return openLineJournal({ path, isEntry, replay, onFailure })
}

/** The writing half, on a file that was read back; the journal closes it. */
export function writeJournal(handle: FileHandle, onFailure: (error: unknown) => void): BankJournal {
  return writeLineJournal(handle, onFailure)
}
