/** Places are found by words and by distance, a page at a time, and closed ones never. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { id, won } from '../base/base.ts'
import { distanceM, findPlaces, isInKorea, keptPosition, type Place } from './acquiring.ts'

const cityHall = { latitude: 35.967612, longitude: 126.736871 }

function placeOf(number: number, change: Partial<Place['outlet'] & Place['merchant']> = {}): Place {
  const { name = `${number}호 분식`, district = '나운동', ...rest } = change
  const { position = null, open = true, status = 'active', sector = 'snack_bar' } = rest
  const place = { issuerId: id('iss', 1), merchantId: id('mrc', number), district }
  const merchant = {
    ...place,
    name,
    nameLatin: 'BUNSIK',
    businessNumber: '1248100998',
    ownerPersonId: 'owner',
    sector,
    annualRevenueWon: won(0),
    status,
    registeredAt: 0,
  }
  const address = `${district} ${number}-1`
  const outlet = { ...place, outletId: id('out', number), name: '본점', address, position, open }
  return { merchant, outlet }
}
const north = (metres: number) => ({
  latitude: cityHall.latitude + metres / 111_195,
  longitude: cityHall.longitude,
})
const numbers = (found: { places: readonly Place[] }) =>
  found.places.map(({ outlet }) => Number(outlet.outletId))

test('distances are those of the map', () => {
  assert.equal(distanceM(cityHall, cityHall), 0)
  assert.equal(distanceM(cityHall, north(1_000)), 1_000)
  const seoul = { latitude: 37.5663, longitude: 126.9779 }
  const busan = { latitude: 35.1798, longitude: 129.075 }
  const seoulToBusan = distanceM(seoul, busan)
  assert.ok(Math.abs(seoulToBusan - 325_000) < 2_000, `${seoulToBusan} m`)
  assert.equal(distanceM(busan, seoul), seoulToBusan)
})

test('Korea ends at its bounds, and positions are kept to six decimals', () => {
  assert.equal(isInKorea({ latitude: 33, longitude: 132 }), true)
  assert.equal(isInKorea({ latitude: 32.999_999, longitude: 127 }), false)
  assert.equal(isInKorea({ latitude: 38.700_001, longitude: 127 }), false)
  assert.equal(isInKorea({ latitude: 35, longitude: 124.499_999 }), false)
  assert.equal(isInKorea({ latitude: Number.NaN, longitude: 127 }), false)
  assert.deepEqual(keptPosition({ latitude: 35.967_612_49, longitude: 126.736_870_51 }), cityHall)
})

test('all words have to be there, wherever they stand, and the sector too', () => {
  const places = [
    placeOf(1, { name: '은파분식' }),
    placeOf(2, { name: '은파수산', sector: 'seafood' }),
    placeOf(3, { name: 'CAFE Blue', sector: 'cafe', district: '월명동' }),
  ]
  const find = (query: object) => numbers(findPlaces(places, { limit: 10, ...query }))
  assert.deepEqual(find({}), [1, 2, 3])
  assert.deepEqual(find({ text: '은파' }), [1, 2])
  assert.deepEqual(find({ text: ' 은파  수산물 ' }), [2])
  assert.deepEqual(find({ text: '은파'.normalize('NFD') }), [1, 2])
  assert.deepEqual(find({ text: 'cafe 월명' }), [3])
  assert.deepEqual(find({ sector: 'seafood', text: '분식' }), [])
  assert.deepEqual(find({ sector: 'seafood' }), [2])
})

test('what is closed, or not admitted, is not found', () => {
  const places = [
    placeOf(1, { open: false }),
    placeOf(2, { status: 'suspended' }),
    placeOf(3, { status: 'applied' }),
    placeOf(4, { status: 'closed' }),
    placeOf(5),
  ]
  assert.deepEqual(numbers(findPlaces(places, { limit: 10 })), [5])
})

test('the nearest comes first, those without a position last', () => {
  const places = [
    placeOf(1),
    placeOf(2, { position: north(500) }),
    placeOf(3, { position: north(-20) }),
    placeOf(4, { position: north(500) }),
  ]
  const found = findPlaces(places, { limit: 10, near: cityHall })
  assert.deepEqual(numbers(found), [3, 2, 4, 1])
  assert.deepEqual(
    found.places.map((place) => place.distanceM),
    [20, 500, 500, undefined],
  )
})

test('page after page gives every place once, in the order of one page', () => {
  const metres = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined })
  fc.assert(
    fc.property(
      fc.array(metres, { maxLength: 12 }),
      fc.nat(3),
      fc.boolean(),
      (all, more, isNear) => {
        const places = all.map((far, index) =>
          placeOf(index + 1, far === undefined ? {} : { position: north(far) }),
        )
        const from = isNear ? { near: cityHall } : {}
        const whole = numbers(findPlaces(places, { limit: 100, ...from }))
        const walked: number[] = []
        let after: Place | undefined
        for (let page = 0; page <= places.length; page += 1) {
          const found = findPlaces(places, { limit: more + 1, ...from, ...(after && { after }) })
          walked.push(...numbers(found))
          after = found.places.at(-1)
          if (found.isLast) break
        }
        assert.deepEqual(walked, whole)
      },
    ),
  )
})
