/** Confirming by PIN and passkey over a registry. Run on the one in memory and on PostgreSQL word for word. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  id,
  operationId,
  parseBusinessDate,
  type IssuerId,
  type MemberId,
  type WalletId,
} from '../base/base.ts'
import { newRecord, readRecord, type Registry } from '../registration/registration.ts'
import {
  createConfirmations,
  endOfConfirmation,
  PASSKEYS_MAX,
  PIN_ATTEMPTS_MAX,
  type Confirmations,
  type ConfirmationRefusal,
  type ConfirmationState,
} from './confirmation.ts'
import { plainPins } from './fixtures/plain-pins.ts'

export interface ConfirmationBench {
  readonly registry: Registry
  /** Two issuers that no other test writes to. */
  readonly issuerId: IssuerId
  readonly otherIssuerId: IssuerId
}

const AT = Date.UTC(2026, 10, 22, 3)
const memberId = id('mbr', 11)
const walletId = id('wlt', 12)
const RIGHT = '829403'
const NEXT = '518260'
const WRONG = '330517'

interface Opened {
  readonly bench: ConfirmationBench
  readonly room: Confirmations
  readonly place: { readonly issuerId: IssuerId; readonly memberId: MemberId }
  readonly other: { readonly issuerId: IssuerId; readonly memberId: MemberId }
  setPin(
    place: Opened['place'],
    pin: string,
    how?: { currentPin?: string; isProven?: boolean; key?: string },
  ): ReturnType<Confirmations['setPin']>
  addPasskey(
    place: Opened['place'],
    passkeyId: string,
    isProven?: boolean,
  ): ReturnType<Confirmations['addPasskey']>
  isGuarded(place: Opened['place']): Promise<boolean>
}

/** Registers the whole suite; `open` is called once for each test. */
export function confirmationContract(name: string, open: () => Promise<ConfirmationBench>): void {
  const roomTest = (sentence: string, run: (opened: Opened) => Promise<void>): void => {
    test(sentence, async () => run(await openRoom(await open())))
  }
  describe(`confirmation over ${name}`, () => {
    pinTests(roomTest)
    attemptTests(roomTest)
    passkeyTests(roomTest)
    copyTests(roomTest)
  })
}

type RoomTest = (sentence: string, run: (opened: Opened) => Promise<void>) => void

function pinTests(roomTest: RoomTest): void {
  roomTest('who has set nothing needs nothing', async ({ room, place, isGuarded }) => {
    assert.deepEqual(await room.stateOf(place), {
      required: false,
      pin: { set: false, blocked: false, attemptsLeft: PIN_ATTEMPTS_MAX },
      passkeys: [],
    })
    assert.equal(await isGuarded(place), false)
    refusedFor(await room.checkPin({ ...place, pin: RIGHT }), 'pin_not_set')
  })

  roomTest('a PIN guards the wallet, and the right one is right', async (opened) => {
    const { room, place, setPin, isGuarded } = opened
    assert.equal(stateIn(await setPin(place, RIGHT)).required, true)
    assert.equal(await isGuarded(place), true)
    assert.deepEqual(await room.checkPin({ ...place, pin: RIGHT }), { status: 'right' })
    refusedFor(await room.checkPin({ ...place, pin: WRONG }), 'pin_wrong')
  })

  roomTest('a PIN is replaced with the present one or a proof, not without', async (opened) => {
    const { room, place, setPin } = opened
    await setPin(place, RIGHT)
    refusedFor(await setPin(place, NEXT), 'confirmation_required')
    refusedFor(await setPin(place, NEXT, { currentPin: WRONG }), 'pin_wrong')
    assert.equal((await room.checkPin({ ...place, pin: RIGHT })).status, 'right')
    stateIn(await setPin(place, NEXT, { currentPin: RIGHT }))
    assert.equal((await room.checkPin({ ...place, pin: NEXT })).status, 'right')
    stateIn(await setPin(place, RIGHT, { isProven: true }))
    assert.equal((await room.checkPin({ ...place, pin: RIGHT })).status, 'right')
  })

  roomTest('a repeat of a setting finds it done, whatever PIN it brings', async (opened) => {
    const { room, place, setPin } = opened
    const key = randomUUID()
    await setPin(place, RIGHT, { key })
    assert.equal(stateIn(await setPin(place, WRONG, { key })).required, true)
    assert.equal((await room.checkPin({ ...place, pin: RIGHT })).status, 'right')
  })

  roomTest('the birthday of the member is no PIN', async ({ place, setPin }) => {
    refusedFor(await setPin(place, '920417'), 'pin_trivial')
  })

  roomTest('a stranger sets nothing', async ({ place, setPin, addPasskey }) => {
    const stranger = { ...place, memberId: id('mbr', 99) }
    refusedFor(await setPin(stranger, RIGHT), 'member_unknown')
    refusedFor(await addPasskey(stranger, 'one'), 'member_unknown')
  })

  roomTest('two first PINs at once are one: the other needs a proof', async (opened) => {
    const { place, setPin } = opened
    const answers = await Promise.all([setPin(place, RIGHT), setPin(place, NEXT)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['confirmed', 'refused'])
  })
}

function attemptTests(roomTest: RoomTest): void {
  roomTest('the fifth wrong attempt blocks, the fourth does not', async (opened) => {
    const { room, place, setPin } = opened
    await setPin(place, RIGHT)
    for (let left = PIN_ATTEMPTS_MAX - 1; left >= 1; left -= 1) {
      const answer = await room.checkPin({ ...place, pin: WRONG })
      assert.deepEqual(answer, { status: 'refused', reason: 'pin_wrong', attemptsLeft: left })
    }
    assert.equal((await room.stateOf(place)).pin.blocked, false)
    assert.equal((await room.checkPin({ ...place, pin: RIGHT })).status, 'right')
    assert.equal((await room.stateOf(place)).pin.attemptsLeft, PIN_ATTEMPTS_MAX, 'counted anew')
    await guess(opened, PIN_ATTEMPTS_MAX)
    assert.deepEqual((await room.stateOf(place)).pin, { set: true, blocked: true, attemptsLeft: 0 })
    refusedFor(await room.checkPin({ ...place, pin: RIGHT }), 'pin_blocked')
  })

  roomTest('a blocked PIN is replaced by a proof only, and then counts anew', async (opened) => {
    const { room, place, setPin } = opened
    await setPin(place, RIGHT)
    await guess(opened, PIN_ATTEMPTS_MAX)
    refusedFor(await setPin(place, NEXT, { currentPin: RIGHT }), 'pin_blocked')
    stateIn(await setPin(place, NEXT, { isProven: true }))
    assert.equal((await room.checkPin({ ...place, pin: NEXT })).status, 'right')
  })

  roomTest('devices that guess at once have the same attempts between them', async (opened) => {
    const { bench, room, place, setPin } = opened
    await setPin(place, RIGHT)
    let compared = 0
    const counting = createConfirmations({
      registry: bench.registry,
      clock: () => AT,
      pins: {
        ...plainPins,
        matches: async (pin, hash) => {
          compared += 1
          return plainPins.matches(pin, hash)
        },
      },
    })
    // Conflicts may send some away before their turn; nobody gets a look that was not counted.
    const guesses = Array.from({ length: 4 * PIN_ATTEMPTS_MAX }, () =>
      counting.checkPin({ ...place, pin: WRONG }).catch(() => undefined),
    )
    await Promise.all(guesses)
    assert.ok(compared <= PIN_ATTEMPTS_MAX, `${compared} guesses were compared`)
    const { attemptsLeft } = (await room.stateOf(place)).pin
    assert.equal(attemptsLeft, PIN_ATTEMPTS_MAX - compared)
  })

  roomTest('replacing a PIN is no way to guess more often', async (opened) => {
    const { place, setPin } = opened
    await setPin(place, RIGHT)
    for (let attempt = 0; attempt < PIN_ATTEMPTS_MAX; attempt += 1) {
      refusedFor(await setPin(place, NEXT, { currentPin: WRONG }), 'pin_wrong')
    }
    refusedFor(await setPin(place, NEXT, { currentPin: RIGHT }), 'pin_blocked')
  })
}

function passkeyTests(roomTest: RoomTest): void {
  roomTest('a passkey guards the wallet until the last means is removed', async (opened) => {
    const { room, place, addPasskey, isGuarded } = opened
    stateIn(await addPasskey(place, 'one', false))
    assert.equal(await isGuarded(place), true)
    const removal = { ...place, passkeyId: 'one' }
    const unproven = await room.removePasskey({ ...removal, isProven: false })
    refusedFor(unproven, 'confirmation_required')
    const removed = await room.removePasskey({ ...removal, isProven: true })
    assert.equal(stateIn(removed).required, false)
    assert.equal(await isGuarded(place), false)
    refusedFor(await room.removePasskey({ ...removal, isProven: true }), 'passkey_unknown')
  })

  roomTest('one of several goes without a proof', async (opened) => {
    const { room, place, setPin, addPasskey } = opened
    await setPin(place, RIGHT)
    await addPasskey(place, 'one')
    const removed = await room.removePasskey({ ...place, passkeyId: 'one', isProven: false })
    assert.deepEqual(stateIn(removed).passkeys, [])
    assert.equal(stateIn(removed).required, true)
  })

  roomTest(
    'beside another means neither PIN nor passkey is set without a proof',
    async (opened) => {
      const { place, setPin, addPasskey } = opened
      await addPasskey(place, 'one')
      refusedFor(await addPasskey(place, 'two', false), 'confirmation_required')
      refusedFor(await setPin(place, RIGHT), 'confirmation_required')
      refusedFor(await setPin(place, RIGHT, { currentPin: RIGHT }), 'confirmation_required')
      assert.equal(stateIn(await addPasskey(place, 'two')).passkeys.length, 2)
      assert.equal(stateIn(await addPasskey(place, 'two', false)).passkeys.length, 2, 'it is there')
    },
  )

  roomTest('there is a greatest number of passkeys', async ({ place, addPasskey }) => {
    for (let number = 0; number < PASSKEYS_MAX; number += 1) {
      stateIn(await addPasskey(place, `key${number}`))
    }
    refusedFor(await addPasskey(place, 'more'), 'too_many_passkeys')
  })

  roomTest('leaving ends all of it', async ({ bench, room, place, setPin, isGuarded }) => {
    await setPin(place, RIGHT)
    const ending = await endOfConfirmation(bench.registry, { ...place, walletId })
    await bench.registry.append(place.issuerId, 'mbr_11', ending, AT)
    assert.equal((await room.stateOf(place)).required, false)
    assert.equal(await isGuarded(place), false)
    assert.deepEqual(await endOfConfirmation(bench.registry, { ...place, walletId }), [])
  })
}

function copyTests(roomTest: RoomTest): void {
  roomTest('what is set with one issuer serves with another', async (opened) => {
    const { room, place, other, setPin, addPasskey, isGuarded } = opened
    refusedFor(await copy(opened), 'nothing_to_copy')
    await setPin(place, RIGHT)
    await addPasskey(place, 'one')
    const copied = stateIn(await copy(opened))
    assert.deepEqual(copied, await room.stateOf(place))
    assert.equal(await isGuarded(other), true)
    assert.equal((await room.checkPin({ ...other, pin: RIGHT })).status, 'right')
    assert.deepEqual(stateIn(await copy(opened)), copied, 'again: nothing changes')
    stateIn(await setPin(place, NEXT, { currentPin: RIGHT }))
    stateIn(await copy(opened))
    assert.equal((await room.checkPin({ ...other, pin: NEXT })).status, 'right')
  })

  roomTest('a PIN set elsewhere is not carried over the owner’s', async (opened) => {
    const { room, place, other, setPin } = opened
    await setPin(place, WRONG)
    await setPin(other, RIGHT)
    refusedFor(await copy(opened), 'confirmation_required')
    assert.equal((await room.checkPin({ ...other, pin: RIGHT })).status, 'right')
    stateIn(await copy(opened, true))
    assert.equal((await room.checkPin({ ...other, pin: WRONG })).status, 'right')
  })

  roomTest(
    'an old PIN is not carried over a new one, however often it was changed',
    async (opened) => {
      const { room, place, other, setPin } = opened
      await setPin(place, WRONG)
      await copy(opened)
      stateIn(await setPin(other, RIGHT, { currentPin: WRONG }))
      refusedFor(await copy(opened), 'confirmation_required')
      stateIn(await setPin(place, NEXT, { currentPin: WRONG }))
      stateIn(await setPin(place, WRONG, { currentPin: NEXT }))
      refusedFor(await copy(opened), 'confirmation_required')
      assert.equal((await room.checkPin({ ...other, pin: RIGHT })).status, 'right')
    },
  )

  roomTest('a copy brings no new attempts', async (opened) => {
    const { room, place, other, setPin, addPasskey } = opened
    await setPin(place, RIGHT)
    await copy(opened)
    await guess({ ...opened, place: other }, PIN_ATTEMPTS_MAX)
    await addPasskey(place, 'one')
    stateIn(await copy(opened))
    assert.equal((await room.stateOf(other)).pin.blocked, true)
    stateIn(await setPin(place, NEXT, { isProven: true }))
    stateIn(await copy(opened))
    assert.equal((await room.stateOf(other)).pin.blocked, false, 'another PIN counts anew')
  })
}

async function openRoom(bench: ConfirmationBench): Promise<Opened> {
  const { registry, issuerId, otherIssuerId } = bench
  for (const issuer of [issuerId, otherIssuerId]) await addMember(registry, issuer)
  const room = createConfirmations({ registry, pins: plainPins, clock: () => AT })
  const place = { issuerId, memberId }
  return {
    bench,
    room,
    place,
    other: { issuerId: otherIssuerId, memberId },
    setPin: (where, pin, { currentPin, isProven = false, key = randomUUID() } = {}) =>
      room.setPin({ ...where, operationId: operationId(key), pin, currentPin, isProven }),
    addPasskey: (where, passkeyId, isProven = true) =>
      room.addPasskey({
        ...where,
        passkey: { passkeyId, publicKey: 'cHVibGlj', transports: [] },
        name: '내 휴대전화',
        isProven,
      }),
    async isGuarded(where) {
      const guard = await readRecord(registry, where.issuerId, 'wallet_guard', walletId)
      return guard?.body.guarded ?? false
    },
  }
}

async function addMember(registry: Registry, issuerId: IssuerId): Promise<void> {
  const body = {
    personId: 'person-0001',
    name: '김하늘',
    birthDate: parseBusinessDate('1992-04-17')!,
    phone: '010-0000-0001',
    status: 'active',
    walletId: walletId satisfies WalletId,
    accountToken: null,
    debitConsentId: null,
  } as const
  await registry.openIssuer(issuerId)
  const record = newRecord('member', { recordId: memberId, version: 1, body })
  const appended = await registry.append(issuerId, 'system', [record], AT)
  assert.equal(appended.status, 'appended')
}

async function guess(
  { room, place }: Pick<Opened, 'room' | 'place'>,
  times: number,
): Promise<void> {
  for (let attempt = 0; attempt < times; attempt += 1) {
    refusedFor(await room.checkPin({ ...place, pin: WRONG }), 'pin_wrong')
  }
}

function copy({ room, place, other }: Opened, isProven = false): ReturnType<Confirmations['copy']> {
  return room.copy({ ...other, from: place, isProven })
}

function stateIn(answer: Awaited<ReturnType<Confirmations['copy']>>): ConfirmationState {
  assert.ok(answer.status === 'confirmed', JSON.stringify(answer))
  return answer.state
}

function refusedFor(
  answer: { readonly status: string; readonly reason?: string },
  reason: ConfirmationRefusal,
): void {
  assert.equal(answer.status, 'refused')
  assert.equal(answer.reason, reason)
}
