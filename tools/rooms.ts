/** The rooms of src/, in the order in which they may know one another. tidy holds code and README.md to this table. */

export interface Room {
  readonly name: string
  /** A room imports rooms of lower lines only; two on one line do not know each other. */
  readonly line: number
  /** No input, no output, no clock, no chance: all of that comes in as arguments. */
  readonly isPure: boolean
  /** Packages it may import although it is pure; they compute and do nothing else. */
  readonly packages?: readonly string[]
  /** Rooms that may import it; all of higher lines where absent. */
  readonly onlyFor?: readonly string[]
  /** Rooms of lower lines that it does not import all the same. */
  readonly never?: readonly string[]
}

const lines: readonly (readonly Omit<Room, 'line'>[])[] = [
  [{ name: 'base', isPure: true }],
  [
    { name: 'issuing', isPure: true },
    { name: 'acquiring', isPure: true },
    { name: 'ledger', isPure: true },
    { name: 'access', isPure: true },
    // Both only compute: modules from bytes, and a picture from modules.
    { name: 'qr', isPure: true, packages: ['qr', 'fast-png'] },
    // Both only compute: Korean text from bytes, and a cipher's checksum.
    { name: 'iso8583', isPure: true, packages: ['iconv-lite', '@noble/ciphers/aes.js'] },
  ],
  // Invented municipalities are for trying things; no rule may come to depend on them.
  [{ name: 'demonstration', isPure: true, onlyFor: ['main'] }],
  [
    { name: 'authorization', isPure: true },
    { name: 'selling', isPure: true },
    { name: 'registration', isPure: true },
    { name: 'audit', isPure: true },
  ],
  [
    { name: 'cards', isPure: true },
    { name: 'administration', isPure: true },
    { name: 'refunding', isPure: true },
    { name: 'gifting', isPure: true },
    { name: 'cashback', isPure: true },
    { name: 'confirmation', isPure: true },
    { name: 'buying', isPure: true },
    // Only computes: cells from a line of CSV.
    { name: 'granting', isPure: true, packages: ['csv-parse/sync'] },
  ],
  [
    { name: 'standin', isPure: true },
    { name: 'clearing', isPure: true },
    { name: 'reporting', isPure: true },
    { name: 'rights', isPure: true },
    { name: 'settlement', isPure: true },
    { name: 'treasury', isPure: true },
    { name: 'corporate', isPure: true },
  ],
  [
    { name: 'postgres', isPure: false },
    { name: 'observe', isPure: false },
    { name: 'bank', isPure: false },
    { name: 'cardcompany', isPure: false },
  ],
  // Doors speak to interfaces; main hands them what stands behind.
  [
    { name: 'gateway', isPure: false, never: ['postgres'] },
    { name: 'http', isPure: false, never: ['postgres'] },
    { name: 'jobs', isPure: false, never: ['postgres'] },
  ],
  [{ name: 'main', isPure: false }],
]

export const rooms: readonly Room[] = lines.flatMap((line, position) =>
  line.map((room) => ({ ...room, line: position })),
)

export function roomNamed(name: string): Room | undefined {
  return rooms.find((room) => room.name === name)
}

/** The room of a path such as `src/ledger/ledger.ts`; undefined outside src/. */
export function roomNameOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

/** Tests, the suites they share and what they set up: these may import anything and are imported by no one else. */
export function isTestFile(path: string): boolean {
  return /\.(?:test|contract|journey)\.ts$|\/fixtures\//.test(path)
}
