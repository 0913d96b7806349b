/** Amounts and payments as they are said aloud in Korean: every number as a word, so that no voice misreads it. */
const digits = ['', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'] as const
const places = ['', '십', '백', '천'] as const
/** Of ten thousand each, the smallest first. */
const groups = ['', '만', '억', '조'] as const
const GROUP = 10_000

/** `만 오천원` for 15,000; nobody says 일천 or 일만. */
export function spokenWon(amountWon: number): string {
  const parts: string[] = []
  let rest = amountWon
  for (const group of groups) {
    const count = rest % GROUP
    rest = Math.floor(rest / GROUP)
    const isBareTenThousand = group === '만' && count === 1 && rest === 0
    if (count > 0) parts.unshift(`${isBareTenThousand ? '' : belowTenThousand(count)}${group}`)
  }
  return `${parts.length === 0 ? '영' : parts.join(' ')}원`
}

function belowTenThousand(count: number): string {
  let text = ''
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(count / 10 ** place) % 10
    if (digit === 0) continue
    text += `${digit === 1 && place > 0 ? '' : digits[digit]}${places[place]}`
  }
  return text
}

/** What a till says: `만원 결제되었습니다`. */
export function spokenSale({ kind, amountWon }: { kind: string; amountWon: number }): string {
  const said = spokenWon(amountWon)
  return kind === 'cancellation' ? `${said} 취소되었습니다` : `${said} 결제되었습니다`
}
