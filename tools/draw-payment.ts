/**
 * Draws docs/pictures/payment.svg and payment.ko.svg, "the way of a payment", for the first page. Plain shapes and
 * system type, readable on light and on dark paper, in two languages from one drawing.
 */

interface Words {
  readonly title: string
  readonly description: string
  readonly steps: readonly Step[]
  /** Above each arrow. */
  readonly arrows: readonly (readonly [string, string])[]
  readonly answer: string
}

interface Step {
  readonly name: string
  readonly lines: readonly string[]
}

const english: Words = {
  title: 'The way of a payment',
  description:
    'A phone sends a payment with its key to the core, which posts it to PostgreSQL in a set; the journal is sealed.',
  steps: [
    { name: 'Phone', lines: ['scans the code', 'makes the key first', 'signs as this device'] },
    { name: 'Core', lines: ['http: who asks?', 'authorization: may it?', 'ledger: gather a set'] },
    {
      name: 'PostgreSQL',
      lines: ['locks the payer’s lots', 'writes key and answer', 'one commit for a set'],
    },
    { name: 'Sealed journal', lines: ['Merkle root', 'signed, chained', 'proved by the audit'] },
  ],
  arrows: [
    ['payment', '+ key'],
    ['one set', 'per issuer'],
    ['off', 'the way'],
  ],
  answer: 'one answer for the key, for ever',
}

const korean: Words = {
  title: '결제가 지나는 길',
  description:
    '휴대전화가 결제와 멱등 키를 코어에 보내면 코어는 결제를 묶음으로 PostgreSQL에 기록하고, 원장은 봉인된다.',
  steps: [
    { name: '휴대전화', lines: ['QR 코드를 읽는다', '키를 먼저 만든다', '기기 키로 서명한다'] },
    { name: '코어', lines: ['http: 누구인가', 'authorization: 되는가', 'ledger: 묶음을 모은다'] },
    {
      name: 'PostgreSQL',
      lines: ['지갑의 충전건을 잠근다', '키와 답을 기록한다', '묶음마다 커밋 한 번'],
    },
    { name: '봉인된 원장', lines: ['머클 루트', '서명하고 사슬로 잇는다', '감사로 증명한다'] },
  ],
  arrows: [
    ['결제', '+ 키'],
    ['발행자별', '묶음'],
    ['결제와', '별도로'],
  ],
  answer: '키 하나에 답 하나, 영원히',
}

const BOX = { width: 220, height: 148, top: 64, gap: 84, left: 24 } as const
const WIDTH = BOX.left * 2 + BOX.width * 4 + BOX.gap * 3
const HEIGHT = 290
const MIDDLE = BOX.top + BOX.height / 2

const STYLE = `
  .paper { fill: #fbfaf6; } .box { fill: #ffffff; stroke: #16202a; } .sealed { fill: #e7f1e4; }
  .ink { fill: #16202a; } .soft { fill: #3f4b57; } .line { stroke: #0b5394; } .tip { fill: #0b5394; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14181c; } .box { fill: #1f262d; stroke: #f2efe6; } .sealed { fill: #20352a; }
    .ink { fill: #f2efe6; } .soft { fill: #cfd6dc; } .line { stroke: #8ec5ff; } .tip { fill: #8ec5ff; }
  }
  text { font: 15px system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif; }
  .name { font-weight: 700; font-size: 19px; }
  .title { font-weight: 700; font-size: 21px; }
`

export const paymentPicture = (): string => draw(english, 'en')
export const paymentPictureKorean = (): string => draw(korean, 'ko')

function draw(words: Words, language: string): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"` +
      ` role="img" aria-labelledby="title about" lang="${language}">`,
    `<title id="title">${words.title}</title>`,
    `<desc id="about">${words.description}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="12"/>`,
    `<text class="title ink" x="${BOX.left}" y="38">${words.title}</text>`,
    ...words.steps.flatMap(drawStep),
    ...words.arrows.flatMap(drawArrow),
    ...drawAnswer(words.answer),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

const leftOf = (index: number): number => BOX.left + index * (BOX.width + BOX.gap)

function drawStep({ name, lines }: Step, index: number, steps: readonly Step[]): string[] {
  const left = leftOf(index)
  const sealed = index === steps.length - 1 ? ' sealed' : ''
  return [
    `<rect class="box${sealed}" x="${left}" y="${BOX.top}" width="${BOX.width}" height="${BOX.height}" rx="10"` +
      ' stroke-width="1.5"/>',
    `<text class="name ink" x="${left + 16}" y="${BOX.top + 32}">${name}</text>`,
    ...lines.map(
      (line, row) =>
        `<text class="soft" x="${left + 16}" y="${BOX.top + 68 + row * 28}">${line}</text>`,
    ),
  ]
}

/** The last arrow is dashed: sealing follows by itself and no payment waits for it. */
function drawArrow(
  [above, below]: readonly [string, string],
  index: number,
  arrows: readonly (readonly [string, string])[],
): string[] {
  const from = leftOf(index) + BOX.width + 6
  const to = leftOf(index + 1) - 6
  const centre = (from + to) / 2
  const dash = index === arrows.length - 1 ? ' stroke-dasharray="6 5"' : ''
  return [
    `<path class="line" d="M${from} ${MIDDLE}H${to - 9}" stroke-width="2.5" fill="none"${dash}/>`,
    `<path class="tip" d="M${to} ${MIDDLE}l-11 -6v12z"/>`,
    `<text class="ink" text-anchor="middle" x="${centre}" y="${MIDDLE - 14}">${above}</text>`,
    `<text class="ink" text-anchor="middle" x="${centre}" y="${MIDDLE + 28}">${below}</text>`,
  ]
}

/** From the database back to the phone. */
function drawAnswer(answer: string): string[] {
  const bottom = BOX.top + BOX.height + 4
  const phone = leftOf(0) + BOX.width / 2
  const database = leftOf(2) + BOX.width / 2
  return [
    `<path class="line" d="M${database} ${bottom}v26H${phone}V${bottom + 10}" stroke-width="2.5" fill="none"/>`,
    `<path class="tip" d="M${phone} ${bottom}l-6 11h12z"/>`,
    `<text class="ink" text-anchor="middle" x="${(phone + database) / 2}" y="${bottom + 52}">${answer}</text>`,
  ]
}
