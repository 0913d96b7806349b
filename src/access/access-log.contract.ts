/** What a log of accesses promises, in memory and in the database. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { IssuerId } from '../base/base.ts'
import type { AccessLog, Look } from './access.ts'

export function accessLogContract(
  name: string,
  open: () => Promise<{ log: AccessLog; issuerId: IssuerId; otherIssuerId: IssuerId }>,
): void {
  const lookAt = (issuerId: IssuerId, given: Partial<Look> = {}): Look => ({
    issuerId,
    at: 1_000,
    actor: 'off_1',
    subjects: ['mbr_1'],
    route: 'GET /there',
    purpose: 'duty',
    words: null,
    sight: 'masked',
    ...given,
  })
  const whole = { limit: 100 }

  describe(`${name}: the log of accesses`, () => {
    test('an entry says who looked at whom, when, where and what for', async () => {
      const { log, issuerId, otherIssuerId } = await open()
      const words = '본인이 "창구"에서 요청함 \\'
      const given = { purpose: 'request_of_person', words, sight: 'full' } as const
      await log.write(lookAt(issuerId, { ...given, at: 5_000 }))
      const [entry, ...others] = await log.ofSubject(issuerId, 'mbr_1', whole)
      assert.ok(entry)
      const { accessId, ...rest } = entry
      assert.ok(accessId > 0)
      assert.deepEqual(rest, {
        at: 5_000,
        actor: 'off_1',
        subject: 'mbr_1',
        route: 'GET /there',
        ...given,
      })
      assert.deepEqual(others, [])
      assert.deepEqual(await log.ofSubject(otherIssuerId, 'mbr_1', whole), [])
      assert.deepEqual(await log.ofActor(otherIssuerId, 'off_1', whole), [])
    })

    test('a page of people is an entry for each of them, and nobody is none', async () => {
      const { log, issuerId } = await open()
      await log.write(lookAt(issuerId, { subjects: ['mbr_1', 'mbr_2', 'mrc_1'] }))
      await log.write(lookAt(issuerId, { subjects: [] }))
      await log.write(lookAt(issuerId, { actor: 'off_2' }))
      const subjects = (await log.ofActor(issuerId, 'off_1', whole)).map(({ subject }) => subject)
      assert.deepEqual(subjects.toSorted(), ['mbr_1', 'mbr_2', 'mrc_1'])
      const actors = (await log.ofSubject(issuerId, 'mbr_1', whole)).map(({ actor }) => actor)
      assert.deepEqual(actors, ['off_2', 'off_1'])
    })

    test('pages come newest first and miss nothing', async () => {
      const { log, issuerId } = await open()
      for (const at of [1, 2, 3, 4, 5]) await log.write(lookAt(issuerId, { at }))
      const first = await log.ofSubject(issuerId, 'mbr_1', { limit: 2 })
      const second = await log.ofSubject(issuerId, 'mbr_1', {
        limit: 3,
        before: first.at(-1)?.accessId,
      })
      assert.deepEqual(
        [...first, ...second].map(({ at }) => at),
        [5, 4, 3, 2, 1],
      )
      const third = { limit: 2, before: second.at(-1)?.accessId }
      assert.deepEqual(await log.ofActor(issuerId, 'off_1', third), [])
    })

    test('the last look of each of several is their newest, and who never looked is left out', async () => {
      const { log, issuerId, otherIssuerId } = await open()
      await log.write(lookAt(issuerId, { at: 1, route: 'GET /before' }))
      await log.write(lookAt(issuerId, { at: 2, actor: 'off_2', route: 'GET /other' }))
      await log.write(lookAt(issuerId, { at: 3, route: 'GET /after' }))
      await log.write(lookAt(otherIssuerId, { at: 4, actor: 'off_3' }))
      await log.write(lookAt(issuerId, { at: 5, actor: 'off_4' }))
      const looks = await log.lastLooks(issuerId, ['off_3', 'off_2', 'off_1'])
      const told = (actor: string) => [looks.get(actor)?.at, looks.get(actor)?.route]
      assert.equal(looks.size, 2)
      assert.deepEqual(told('off_1'), [3, 'GET /after'])
      assert.deepEqual(told('off_2'), [2, 'GET /other'])
      assert.deepEqual([...(await log.lastLooks(issuerId, []))], [])
    })

    test('what is older than its time is erased, the oldest first, so many at once', async () => {
      const { log, issuerId, otherIssuerId } = await open()
      for (const at of [30, 10, 20, 40]) await log.write(lookAt(issuerId, { at }))
      await log.write(lookAt(otherIssuerId, { at: 10 }))
      const left = async () => (await log.ofSubject(issuerId, 'mbr_1', whole)).map(({ at }) => at)
      assert.equal(await log.erase(issuerId, 10, 100), 0)
      assert.equal(await log.erase(issuerId, 40, 2), 2)
      assert.deepEqual(
        (await left()).toSorted((a, b) => a - b),
        [30, 40],
      )
      assert.equal(await log.erase(issuerId, 40, 2), 1)
      assert.equal(await log.erase(issuerId, 40, 2), 0)
      assert.deepEqual(await left(), [40])
      assert.equal((await log.ofSubject(otherIssuerId, 'mbr_1', whole)).length, 1)
    })
  })
}
