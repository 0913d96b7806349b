/** Names of invented shops, in Korean and in the Latin letters that a QR code carries. */
import type { Sector } from '../acquiring/acquiring.ts'
import type { Random } from './random.ts'

export interface ShopName {
  readonly name: string
  /** At most 25 printable ASCII characters. */
  readonly nameLatin: string
}

/** Korean and Latin beginnings that suit any shop. */
const BEGINNINGS = [
  ['한빛', 'Hanbit'],
  ['푸른', 'Pureun'],
  ['새봄', 'Saebom'],
  ['은빛', 'Eunbit'],
  ['다온', 'Daon'],
  ['소망', 'Somang'],
  ['우리', 'Uri'],
  ['행복', 'Haengbok'],
  ['늘봄', 'Neulbom'],
  ['가람', 'Garam'],
  ['미소', 'Miso'],
  ['햇살', 'Haessal'],
  ['정다운', 'Jeongdaun'],
  ['큰길', 'Keungil'],
  ['샛별', 'Saetbyeol'],
  ['누리', 'Nuri'],
  ['바른', 'Bareun'],
  ['청솔', 'Cheongsol'],
  ['고향', 'Gohyang'],
  ['삼거리', 'Samgeori'],
  ['강변', 'Gangbyeon'],
  ['산들', 'Sandeul'],
  ['달빛', 'Dalbit'],
  ['동문', 'Dongmun'],
  ['중앙', 'Jungang'],
  ['새마을', 'Saemaeul'],
] as const

interface Trade {
  readonly sector: Sector
  readonly endings: readonly (readonly [string, string])[]
  /** The span in which yearly revenue is drawn, in millions of won. */
  readonly revenueMillionWon: readonly [number, number]
}

/** The trades of the demonstration, each with its part of a hundred shops. */
const TRADES: readonly (readonly [Trade, number])[] = [
  [
    {
      sector: 'restaurant',
      endings: [
        ['식당', 'Sikdang'],
        ['국밥', 'Gukbap'],
        ['칼국수', 'Kalguksu'],
        ['가든', 'Garden'],
        ['반점', 'Banjeom'],
      ],
      revenueMillionWon: [60, 900],
    },
    24,
  ],
  [{ sector: 'snack_bar', endings: [['분식', 'Bunsik']], revenueMillionWon: [40, 250] }, 7],
  [
    {
      sector: 'cafe',
      endings: [
        ['커피', 'Coffee'],
        ['찻집', 'Tea House'],
      ],
      revenueMillionWon: [40, 400],
    },
    8,
  ],
  [{ sector: 'bakery', endings: [['제과', 'Bakery']], revenueMillionWon: [60, 600] }, 4],
  [{ sector: 'butcher', endings: [['정육점', 'Butcher']], revenueMillionWon: [100, 900] }, 4],
  [{ sector: 'seafood', endings: [['수산', 'Susan']], revenueMillionWon: [100, 1_500] }, 5],
  [
    {
      sector: 'greengrocer',
      endings: [
        ['청과', 'Cheonggwa'],
        ['야채', 'Vegetables'],
      ],
      revenueMillionWon: [50, 800],
    },
    5,
  ],
  [{ sector: 'rice_cake', endings: [['떡집', 'Tteokjip']], revenueMillionWon: [40, 300] }, 3],
  [{ sector: 'side_dishes', endings: [['반찬', 'Banchan']], revenueMillionWon: [40, 300] }, 3],
  [{ sector: 'supermarket', endings: [['마트', 'Mart']], revenueMillionWon: [300, 5_500] }, 6],
  [{ sector: 'hair_salon', endings: [['미용실', 'Hair Salon']], revenueMillionWon: [25, 250] }, 7],
  [{ sector: 'laundry', endings: [['세탁소', 'Laundry']], revenueMillionWon: [25, 120] }, 3],
  [{ sector: 'pharmacy', endings: [['약국', 'Pharmacy']], revenueMillionWon: [300, 3_500] }, 4],
  [{ sector: 'clinic', endings: [['의원', 'Clinic']], revenueMillionWon: [400, 3_000] }, 2],
  [{ sector: 'optician', endings: [['안경', 'Optician']], revenueMillionWon: [80, 500] }, 2],
  [{ sector: 'private_academy', endings: [['학원', 'Academy']], revenueMillionWon: [80, 900] }, 3],
  [{ sector: 'bookstore', endings: [['서점', 'Bookstore']], revenueMillionWon: [60, 500] }, 2],
  [{ sector: 'clothing', endings: [['의류', 'Clothing']], revenueMillionWon: [50, 600] }, 3],
  [{ sector: 'florist', endings: [['꽃집', 'Flowers']], revenueMillionWon: [30, 200] }, 2],
  [{ sector: 'hardware', endings: [['철물', 'Hardware']], revenueMillionWon: [60, 700] }, 2],
  [
    {
      sector: 'farm_supplies',
      endings: [['농자재', 'Farm Supply']],
      revenueMillionWon: [200, 4_000],
    },
    2,
  ],
  [{ sector: 'fuel', endings: [['주유소', 'Fuel']], revenueMillionWon: [900, 6_000] }, 2],
]

export interface DrawnShop extends ShopName {
  readonly sector: Sector
  readonly annualRevenueMillionWon: number
}

/** Draws a shop whose Korean name is not in `namesTaken`. */
export function drawShop(random: Random, namesTaken: ReadonlySet<string>): DrawnShop {
  for (;;) {
    const trade = random.pickWeighted(TRADES)
    const [beginning, beginningLatin] = random.pick(BEGINNINGS)
    const [ending, endingLatin] = random.pick(trade.endings)
    const annualRevenueMillionWon = random.integer(...trade.revenueMillionWon)
    const name = beginning + ending
    // There are some seven hundred names and a handful of shops in a city, so this ends soon.
    if (namesTaken.has(name)) continue
    const nameLatin = `${beginningLatin} ${endingLatin}`
    return { name, nameLatin, sector: trade.sector, annualRevenueMillionWon }
  }
}
