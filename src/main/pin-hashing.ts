/**
 * Hashes of PINs: scrypt over a MAC of the PIN. Six digits are few, so the MAC's key, which is no part of the database,
 * is what makes a stolen copy of it worthless; scrypt is for whoever has stolen both.
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { assert, Fault } from '../base/base.ts'
import type { PinHashing } from '../confirmation/confirmation.ts'

/** Of four threads that files and names are looked up with too, half are left to those. */
export const HASHES_AT_ONCE_MAX = 2
/** Two seconds of work; whoever comes later is told to come again. */
export const HASHES_WAITING_MAX = 64

const SALT_BYTES = 16
const HASH_BYTES = 32
/** 2 ** 14 blocks of 1 KiB: 16 MiB and some 40 ms. Stands in every hash, so that it can be raised. */
const COST_LOG2 = 14
const BLOCK_SIZE = 8
const HASH_TEXT = /^scrypt\$(\d{2})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

const derive = promisify<Buffer, Buffer, number, object, Buffer>(scrypt)

/** @param secret kept beside the database, never in it */
export function createPinHashing(secret: string): PinHashing {
  const turns = createTurns()
  const slowHash = async (pin: string, salt: Buffer, costLog2: number): Promise<Buffer> => {
    const keyed = createHmac('sha256', secret).update(pin).digest()
    const cost = 2 ** costLog2
    const maxmem = 2 * 128 * cost * BLOCK_SIZE
    return turns(() => derive(keyed, salt, HASH_BYTES, { cost, blockSize: BLOCK_SIZE, maxmem }))
  }
  return {
    async hash(pin) {
      const salt = randomBytes(SALT_BYTES)
      const hash = await slowHash(pin, salt, COST_LOG2)
      return `scrypt$${COST_LOG2}$${salt.toString('base64url')}$${hash.toString('base64url')}`
    },
    async matches(pin, pinHash) {
      const [, costLog2, salt, hash] = HASH_TEXT.exec(pinHash) ?? []
      assert(costLog2 !== undefined && salt !== undefined && hash !== undefined, 'a hash of ours')
      const known = Buffer.from(hash, 'base64url')
      const found = await slowHash(pin, Buffer.from(salt, 'base64url'), Number(costLog2))
      return known.length === found.length && timingSafeEqual(known, found)
    },
  }
}

/** @throws Fault `queue_full` above the maximum: nothing was done */
function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= HASHES_AT_ONCE_MAX) {
      if (waiting.length >= HASHES_WAITING_MAX) throw new Fault('queue_full', 'too many PINs wait')
      // Whoever ends hands its place on, so the count stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
