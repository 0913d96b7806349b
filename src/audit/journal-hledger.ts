/**
 * The journal in the format of hledger, a free program that knows nothing of us: it adds up the transactions and
 * compares with the balances that the ledger asserts at the end. https://hledger.org/hledger.html#journal
 */
import { accountKinds } from '../ledger/ledger.ts'
import { accountClasses, accountName, idText } from './journal-account.ts'
import {
  momentOf,
  type BalancePage,
  type JournalCounts,
  type JournalFormat,
  type JournalOperation,
  type JournalScope,
} from './journal-text.ts'

export const hledgerFormat: JournalFormat = { head, balances, operation, end }

const classNames: ReadonlySet<string> = new Set(
  Object.values(accountClasses).map(({ name }) => name),
)

function head({ issuerCode, from, to }: JournalScope): string {
  const declarations = accountKinds.map((kind) => {
    const { name, type, meaningKo, meaningEn } = accountClasses[kind]
    return `account ${name}\n    ; type:${type}\n    ; ${meaningKo} · ${meaningEn}\n`
  })
  const code = oneLine(issuerCode)
  return `; The journal of issuer ${code}, ${from ?? 'the first operation'} to ${to ?? 'the last'}, in won.
; 발행자 ${code}의 원장 기록(${from ?? '처음'}부터 ${to ?? '마지막 처리'}까지), 단위 원.
; Dates and times are Korean. The last transactions move nothing: they assert what the ledger keeps.
; 날짜와 시각은 한국 시간입니다. 마지막 거래들은 금액 없이 원장의 잔액만 단언합니다.

decimal-mark .
commodity 1000. KRW

account assets
    ; type:A
account liabilities
    ; type:L
account revenues
    ; type:R
account expenses
    ; type:X
${declarations.join('')}`
}

/** The openings are one transaction, however many pages they have; of the closings each page is one. */
function balances(page: BalancePage): string {
  return page.part === 'opening' ? openingText(page) : closingText(page)
}

function openingText({ date, isFirst, balances: opened }: BalancePage): string {
  const title = isFirst ? `\n${date} * opening balances (기초 잔액)\n` : ''
  return (
    title + opened.map((one) => side(accountName(one.account), `${one.balanceWon} KRW`)).join('')
  )
}

function closingText({ date, balances: closed }: BalancePage): string {
  // Declared so that also the strict check passes: it refuses every account that nobody declared.
  const declared = closed
    .map(({ account }) => accountName(account))
    .filter((name) => !classNames.has(name))
    .map((name) => `account ${name}\n`)
  const asserted = closed.map(({ account, balanceWon }) =>
    side(accountName(account), `0 KRW = ${balanceWon} KRW`),
  )
  const title = `\n${date} * closing balances as the ledger keeps them (기말 잔액)\n`
  return `\n${declared.join('')}${title}${asserted.join('')}`
}

function operation(moved: JournalOperation): string {
  const { operationId, kind, bookedAt, transfers } = moved
  const { date, time } = momentOf(bookedAt)
  const tags = [`time:${time}`, ...concerned(moved)].join(', ')
  const sides = transfers.flatMap(({ line, debit, credit, amountWon }) => [
    side(accountName(debit), `${amountWon} KRW`, `line:${line}`),
    side(accountName(credit), `${-amountWon} KRW`),
  ])
  return `\n${date} * (${word(operationId)}) ${word(kind)}\n    ; ${tags}\n${sides.join('')}`
}

function concerned(moved: JournalOperation): string[] {
  const { walletId, merchantId, partnerId, targetId } = moved
  const tags: string[] = []
  if (walletId !== undefined) tags.push(`wallet:${idText('wlt', walletId)}`)
  if (merchantId !== undefined) tags.push(`merchant:${idText('mrc', merchantId)}`)
  if (partnerId !== undefined) tags.push(`partner:${idText('prt', partnerId)}`)
  if (targetId !== undefined) tags.push(`target:${word(targetId)}`)
  return tags
}

/** Who finds no such line knows that the text was cut off. */
function end({ operations, transfers, accounts }: JournalCounts): string {
  return `\n; The end: ${operations} operations, ${transfers} transfers, ${accounts} accounts.\n`
}

/** Two spaces end an account's name. */
function side(name: string, amount: string, tag?: string): string {
  return `    ${name.padEnd(52)}  ${amount.padStart(16)}${tag === undefined ? '' : `  ; ${tag}`}\n`
}

/** What a text of the database may not do here: begin a line, where `include` would read any file of the reader's. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�')
}

/** As `oneLine`, and without what would end a code, a description or a tag. */
function word(text: string): string {
  return oneLine(text).replaceAll(/[\s(),;|:]/g, '�')
}
