/** What every registry does. Run on the registry in memory and on PostgreSQL word for word. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ERASED, ERASED_DAY, type IssuerId } from '../base/base.ts'
import type { PersonalErasure } from './personal-fields.ts'
import type { NewRecord, Registry } from './registry.ts'

export interface RegistryUnderTest {
  readonly registry: Registry & PersonalErasure
  /** Two issuers without a record, that no other test writes to. */
  readonly issuerId: IssuerId
  readonly otherIssuerId: IssuerId
  close(): Promise<void>
}

const AT = Date.UTC(2026, 10, 22, 3)

function kit(recordId: number, version: number, body: object, keys?: readonly string[]): NewRecord {
  return { kind: 'kit', recordId, version, body, ...(keys === undefined ? {} : { keys }) }
}

/** Registers the whole suite; `open` is called once for each test and closed after it. */
export function registryContract(name: string, open: () => Promise<RegistryUnderTest>): void {
  const registryTest = (
    sentence: string,
    run: (bench: RegistryUnderTest) => Promise<void>,
  ): void => {
    test(sentence, async () => {
      const bench = await open()
      await bench.registry.openIssuer(bench.issuerId)
      await bench.registry.openIssuer(bench.otherIssuerId)
      try {
        await run(bench)
      } finally {
        await bench.close()
      }
    })
  }
  describe(`${name} keeps the registry's contract`, () => {
    readingTests(registryTest)
    versionTests(registryTest)
    keyTests(registryTest)
    listTests(registryTest)
    erasureTests(registryTest)
  })
}

type RegistryTest = (sentence: string, run: (bench: RegistryUnderTest) => Promise<void>) => void

function readingTests(registryTest: RegistryTest): void {
  registryTest('what was appended is read back as plain JSON', async ({ registry, issuerId }) => {
    const body = { name: '하늘분식', amounts: [1, 2], none: null, deep: { flag: true } }
    const answer = await registry.append(issuerId, 'off_1', [kit(7, 1, body)], AT)
    assert.equal(answer.status, 'appended')
    assert.ok(answer.status === 'appended' && answer.recordedAt >= AT)
    assert.deepEqual(await registry.read(issuerId, 'kit', [7]), [{ recordId: 7, version: 1, body }])
  })

  registryTest('unknown ids are left out and ids may repeat', async ({ registry, issuerId }) => {
    await registry.append(issuerId, 'system', [kit(1, 1, { n: 1 }), kit(2, 1, { n: 2 })], AT)
    const read = await registry.read(issuerId, 'kit', [2, 9, 1, 2])
    assert.deepEqual(new Set(read.map((record) => record.recordId)), new Set([1, 2]))
    assert.equal(read.length, 2)
    assert.deepEqual(await registry.read(issuerId, 'kit', []), [])
    assert.deepEqual(await registry.read(issuerId, 'outlet', [1]), [])
  })

  registryTest('issuers and kinds share nothing', async (bench) => {
    const { registry, issuerId, otherIssuerId } = bench
    const keys = ['request:a']
    await registry.append(issuerId, 'system', [kit(1, 1, { of: 'one' }, keys)], AT)
    assert.deepEqual(await registry.read(otherIssuerId, 'kit', [1]), [])
    assert.equal(await registry.findByKey(otherIssuerId, 'kit', 'request:a'), undefined)
    const there = await registry.append(otherIssuerId, 'system', [kit(1, 1, {}, keys)], AT)
    assert.equal(there.status, 'appended')
    const outlet: NewRecord = { kind: 'outlet', recordId: 1, version: 1, body: {}, keys }
    assert.equal((await registry.append(issuerId, 'system', [outlet], AT)).status, 'appended')
  })

  registryTest('opening an issuer again changes nothing', async ({ registry, issuerId }) => {
    await registry.append(issuerId, 'system', [kit(1, 1, { n: 1 })], AT)
    await registry.openIssuer(issuerId)
    assert.equal((await registry.read(issuerId, 'kit', [1])).length, 1)
  })
}

function versionTests(registryTest: RegistryTest): void {
  registryTest('a change is the next version and the newest is read', async (bench) => {
    const { registry, issuerId } = bench
    await registry.append(issuerId, 'system', [kit(1, 1, { n: 1 })], AT)
    await registry.append(issuerId, 'system', [kit(1, 2, { n: 2 })], AT)
    assert.deepEqual(await registry.read(issuerId, 'kit', [1]), [
      { recordId: 1, version: 2, body: { n: 2 } },
    ])
  })

  const refused = [
    { last: 0, version: 2 },
    { last: 1, version: 1 },
    { last: 1, version: 3 },
    { last: 2, version: 1 },
    { last: 2, version: 2 },
  ]
  for (const { last, version } of refused) {
    registryTest(`after version ${last} version ${version} is a conflict`, async (bench) => {
      const { registry, issuerId } = bench
      for (let n = 1; n <= last; n += 1) {
        await registry.append(issuerId, 'system', [kit(1, n, { n })], AT)
      }
      const answer = await registry.append(issuerId, 'system', [kit(1, version, {})], AT)
      assert.deepEqual(answer, { status: 'version_conflict' })
      assert.equal((await registry.read(issuerId, 'kit', [1]))[0]?.version ?? 0, last)
    })
  }

  registryTest('of two that change one version at one time only one wins', async (bench) => {
    const { registry, issuerId } = bench
    await registry.append(issuerId, 'system', [kit(1, 1, {})], AT)
    const answers = await Promise.all(
      ['a', 'b'].map((who) => registry.append(issuerId, who, [kit(1, 2, { who })], AT)),
    )
    const statuses = answers.map((answer) => answer.status).toSorted()
    assert.deepEqual(statuses, ['appended', 'version_conflict'])
  })

  registryTest('one conflict in a set stores nothing of the set', async (bench) => {
    const { registry, issuerId } = bench
    await registry.append(issuerId, 'system', [kit(1, 1, {})], AT)
    const set = [kit(2, 1, {}, ['request:a']), kit(1, 1, {})]
    const answer = await registry.append(issuerId, 'system', set, AT)
    assert.deepEqual(answer, { status: 'version_conflict' })
    assert.deepEqual(await registry.read(issuerId, 'kit', [2]), [])
    assert.equal(await registry.findByKey(issuerId, 'kit', 'request:a'), undefined)
  })
}

function keyTests(registryTest: RegistryTest): void {
  registryTest('a natural key finds the newest version of its record', async (bench) => {
    const { registry, issuerId } = bench
    await registry.append(issuerId, 'system', [kit(1, 1, { n: 1 }, ['request:a'])], AT)
    await registry.append(issuerId, 'system', [kit(1, 2, { n: 2 }, ['request:b'])], AT)
    for (const key of ['request:a', 'request:b']) {
      assert.equal((await registry.findByKey(issuerId, 'kit', key))?.version, 2)
    }
    assert.equal(await registry.findByKey(issuerId, 'kit', 'request:c'), undefined)
  })

  registryTest('a record may name its own key again', async ({ registry, issuerId }) => {
    await registry.append(issuerId, 'system', [kit(1, 1, {}, ['request:a'])], AT)
    const answer = await registry.append(issuerId, 'system', [kit(1, 2, {}, ['request:a'])], AT)
    assert.equal(answer.status, 'appended')
  })

  registryTest('a key of another record is taken, and nothing is stored', async (bench) => {
    const { registry, issuerId } = bench
    await registry.append(issuerId, 'system', [kit(1, 1, {}, ['request:a'])], AT)
    const set = [kit(3, 1, {}, ['request:free']), kit(2, 1, {}, ['request:a'])]
    const answer = await registry.append(issuerId, 'system', set, AT)
    assert.deepEqual(answer, { status: 'key_taken', key: 'request:a' })
    assert.deepEqual(await registry.read(issuerId, 'kit', [2, 3]), [])
    assert.equal(await registry.findByKey(issuerId, 'kit', 'request:free'), undefined)
  })

  registryTest('two records of one set cannot share a key', async ({ registry, issuerId }) => {
    const set = [kit(1, 1, {}, ['request:a']), kit(2, 1, {}, ['request:a'])]
    const answer = await registry.append(issuerId, 'system', set, AT)
    assert.deepEqual(answer, { status: 'key_taken', key: 'request:a' })
    assert.deepEqual(await registry.read(issuerId, 'kit', [1, 2]), [])
  })

  registryTest('of two that take one key at one time only one wins', async (bench) => {
    const { registry, issuerId } = bench
    const answers = await Promise.all(
      [1, 2].map((recordId) =>
        registry.append(issuerId, 'system', [kit(recordId, 1, {}, ['request:a'])], AT),
      ),
    )
    const statuses = answers.map((answer) => answer.status).toSorted()
    assert.deepEqual(statuses, ['appended', 'key_taken'])
  })
}

function listTests(registryTest: RegistryTest): void {
  registryTest('many keys of several issuers are found in the order asked', async (bench) => {
    const { registry, issuerId, otherIssuerId } = bench
    await registry.append(issuerId, 'system', [kit(1, 1, { n: 1 }, ['request:a'])], AT)
    await registry.append(issuerId, 'system', [kit(1, 2, { n: 2 }, ['request:b'])], AT)
    await registry.append(otherIssuerId, 'system', [kit(7, 1, { n: 7 }, ['request:a'])], AT)
    const wanted = [
      { issuerId: otherIssuerId, key: 'request:a' },
      { issuerId, key: 'request:none' },
      { issuerId, key: 'request:a' },
      { issuerId: otherIssuerId, key: 'request:b' },
      { issuerId, key: 'request:a' },
    ]
    const first = { recordId: 1, version: 2, body: { n: 2 } }
    const other = { recordId: 7, version: 1, body: { n: 7 } }
    assert.deepEqual(await registry.findByKeys('kit', wanted), [
      other,
      undefined,
      first,
      undefined,
      first,
    ])
    assert.deepEqual(await registry.findByKeys('outlet', wanted.slice(0, 1)), [undefined])
    assert.deepEqual(await registry.findByKeys('kit', []), [])
  })

  registryTest('a list by key holds what begins with it and nothing beside', async (bench) => {
    const { registry, issuerId, otherIssuerId } = bench
    const set = [
      kit(1, 1, {}, ['wallet:12/b', 'request:a']),
      kit(2, 1, {}, ['wallet:12/c']),
      kit(3, 1, {}, ['wallet:120/a']),
      kit(4, 1, {}, ['wallet:1/a']),
      kit(5, 1, {}, ['wallet:12']),
      kit(6, 1, {}, ['wallet:12/a', 'wallet:12/d']),
    ]
    await registry.append(issuerId, 'system', set, AT)
    await registry.append(issuerId, 'system', [kit(2, 2, { newest: true })], AT)
    await registry.append(otherIssuerId, 'system', [kit(9, 1, {}, ['wallet:12/z'])], AT)
    const listed = async (prefix: string, limit: number) =>
      (await registry.listByKey(issuerId, 'kit', prefix, limit)).map((each) => each.recordId)
    assert.deepEqual(await listed('wallet:12/', 10), [6, 2, 1])
    assert.deepEqual(await listed('wallet:12/', 2), [6, 2])
    assert.deepEqual(await listed('wallet:2/', 10), [])
    const after = async (before: string) =>
      (await registry.listByKey(issuerId, 'kit', 'wallet:12/', 2, before)).map(
        (each) => each.recordId,
      )
    assert.deepEqual(await after('wallet:12/b'), [6])
    assert.deepEqual(await after('wallet:12/zz'), [6, 2])
    assert.deepEqual(await after('wallet:12/a'), [])
    const [, second] = await registry.listByKey(issuerId, 'kit', 'wallet:12/', 10)
    assert.deepEqual(second, { recordId: 2, version: 2, body: { newest: true } })
    assert.deepEqual(await registry.listByKey(issuerId, 'outlet', 'wallet:12/', 10), [])
  })

  registryTest('a list of a kind comes in pages, by the state of now', async (bench) => {
    const { registry, issuerId, otherIssuerId } = bench
    for (const n of [1, 2, 3, 4, 5]) {
      await registry.append(issuerId, 'system', [kit(n, 1, { state: 'open', n })], AT)
    }
    await registry.append(issuerId, 'system', [kit(4, 2, { state: 'closed', n: 4 })], AT)
    await registry.append(otherIssuerId, 'system', [kit(6, 1, { state: 'open' })], AT)
    const ids = async (page: Parameters<Registry['list']>[2]) =>
      (await registry.list(issuerId, 'kit', page)).map((each) => each.recordId)
    assert.deepEqual(await ids({ limit: 10 }), [5, 4, 3, 2, 1])
    assert.deepEqual(await ids({ limit: 2 }), [5, 4])
    assert.deepEqual(await ids({ limit: 2, before: 4 }), [3, 2])
    assert.deepEqual(await ids({ state: 'open', limit: 2 }), [5, 3])
    assert.deepEqual(await ids({ state: 'open', limit: 2, before: 3 }), [2, 1])
    assert.deepEqual(await ids({ state: 'closed', limit: 10 }), [4])
    const [newest] = await registry.list(issuerId, 'kit', { state: 'closed', limit: 1 })
    assert.deepEqual(newest, { recordId: 4, version: 2, body: { state: 'closed', n: 4 } })
    assert.deepEqual(await registry.list(issuerId, 'outlet', { limit: 10 }), [])
  })
}

const person = { personId: 'p-1', name: '김"하늘\n', birthDate: '1992-04-17', phone: '010-1' }

function member(recordId: number, version: number, keys: readonly string[] = []): NewRecord {
  const body = { ...person, accountToken: null, walletId: 7, status: 'active' }
  return { kind: 'member', recordId, version, body, keys }
}

function erasureTests(registryTest: RegistryTest): void {
  registryTest('what is personal is read whole by every way', async ({ registry, issuerId }) => {
    const keys = ['person:p-1', 'phone:0101/1', 'member:1/1']
    await registry.append(issuerId, 'system', [member(1, 1, keys)], AT)
    await registry.append(issuerId, 'system', [member(1, 2)], AT)
    const body = { ...person, accountToken: null, walletId: 7, status: 'active' }
    const whole = { recordId: 1, version: 2, body }
    assert.deepEqual(await registry.read(issuerId, 'member', [1]), [whole])
    assert.deepEqual(await registry.findByKey(issuerId, 'member', 'person:p-1'), whole)
    const wanted = [{ issuerId, key: 'person:p-1' }]
    assert.deepEqual(await registry.findByKeys('member', wanted), [whole])
    assert.deepEqual(await registry.listByKey(issuerId, 'member', 'phone:0101/', 9), [whole])
    assert.deepEqual(await registry.list(issuerId, 'member', { limit: 9 }), [whole])
  })

  registryTest('what is erased is gone by every way, and its keys are free', async (bench) => {
    const { registry, issuerId, otherIssuerId } = bench
    const keys = ['person:p-1', 'phone:0101/1', 'member:1/1']
    await registry.append(issuerId, 'system', [member(1, 1, keys)], AT)
    await registry.append(issuerId, 'system', [member(1, 2), member(2, 1, ['person:p-2'])], AT)
    await registry.append(otherIssuerId, 'system', [member(1, 1, keys)], AT)
    assert.equal(await registry.erasePersonal(issuerId, 'member', [1]), 2)
    assert.equal(await registry.erasePersonal(issuerId, 'member', [1]), 0, 'nothing is left')
    const gone = { personId: ERASED, name: ERASED, birthDate: ERASED_DAY, phone: ERASED }
    const body = { ...gone, accountToken: null, walletId: 7, status: 'active' }
    const left = { recordId: 1, version: 2, body }
    assert.deepEqual(await registry.read(issuerId, 'member', [1]), [left])
    assert.deepEqual(await registry.findByKey(issuerId, 'member', 'member:1/1'), left)
    assert.equal(await registry.findByKey(issuerId, 'member', 'person:p-1'), undefined)
    assert.deepEqual(await registry.listByKey(issuerId, 'member', 'phone:0101/', 9), [])
    const anew = await registry.append(issuerId, 'system', [member(3, 1, ['person:p-1'])], AT)
    assert.equal(anew.status, 'appended', 'the same person may come anew')
    for (const [at, key] of [
      [issuerId, 'person:p-2'],
      [otherIssuerId, 'person:p-1'],
    ] as const) {
      const kept = await registry.findByKey(at, 'member', key)
      assert.equal((kept?.body as { name: string } | undefined)?.name, person.name)
    }
  })

  registryTest('a kind without personal fields loses nothing', async ({ registry, issuerId }) => {
    await registry.append(issuerId, 'system', [kit(1, 1, { name: 'x' }, ['person:p-1'])], AT)
    assert.equal(await registry.erasePersonal(issuerId, 'kit', [1]), 0)
    const kept = { recordId: 1, version: 1, body: { name: 'x' } }
    assert.deepEqual(await registry.findByKey(issuerId, 'kit', 'person:p-1'), kept)
  })
}
