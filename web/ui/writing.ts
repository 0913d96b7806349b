/** Money, days and times as readers of each language write them; particles after any Korean name. */
import { josa } from 'es-hangul'
import { useMemo } from 'react'
import type { Language } from '../api/language.ts'
import { useLanguage } from './words.ts'

const ZONE = 'Asia/Seoul'
const numbers = new Intl.NumberFormat('ko-KR')

/** `10,000` in every language. */
export function numberText(value: number): string {
  return numbers.format(value)
}

/** `10,000원` or `₩10,000`. */
export function wonText(amountWon: number, language: Language): string {
  const digits = numbers.format(Math.abs(amountWon))
  const sign = amountWon < 0 ? '−' : ''
  return language === 'ko' ? `${sign}${digits}원` : `${sign}₩${digits}`
}

const largeParts = [
  [1_0000_0000_0000, '조'],
  [1_0000_0000, '억'],
  [1_0000, '만'],
] as const

/** As it is said aloud and in headlines: `3억 2,000만 원`. Below 10,000 as written. */
export function wonSpoken(amountWon: number): string {
  let rest = Math.abs(amountWon)
  const parts: string[] = []
  for (const [unit, name] of largeParts) {
    const count = Math.floor(rest / unit)
    if (count > 0) parts.push(`${numbers.format(count)}${name}`)
    rest %= unit
  }
  if (rest > 0 || parts.length === 0) parts.push(numbers.format(rest))
  return `${amountWon < 0 ? '−' : ''}${parts.join(' ')}원`
}

/** A name with the particle that fits its last sound: `withParticle('은파분식', '이/가')`. */
export function withParticle(name: string, particle: Parameters<typeof josa>[1]): string {
  return josa(name, particle)
}

/** Formats instants and days; what is not a date is given back as it is. */
export interface Writing {
  won(amountWon: number): string
  /** `11월 29일 (일) 오후 1:05`; this year's without the year. */
  instant(iso: string | number): string
  /** `오후 1:05:33` */
  time(iso: string | number): string
  /** `2026년 11월 29일 (일)` of an instant or a day such as 2026-11-29. */
  day(iso: string | number): string
  /** The day that ends with an instant: what is good until midnight is good on the day before. */
  lastDay(endsAt: string): string
  number(value: number): string
  /** `12.5%` of basis points or shares: pass 0…1. */
  percent(share: number): string
}

export function useWriting(): Writing {
  const language = useLanguage()
  return useMemo(() => writingOf(language), [language])
}

export function writingOf(language: Language): Writing {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB'
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options })
  const clock = { hour: 'numeric', minute: '2-digit' } as const
  const short = format({ month: 'long', day: 'numeric', weekday: 'short', ...clock })
  const long = format({ year: 'numeric', month: 'long', day: 'numeric', ...clock })
  const time = format({ ...clock, second: '2-digit' })
  const day = format({ year: 'numeric', month: 'long', day: 'numeric' })
  const weekday = format({ weekday: 'short' })
  const year = format({ year: 'numeric' })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 })
  const dated = (iso: string | number, how: (date: Date) => string): string => {
    const isDay = typeof iso === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(iso)
    const date = new Date(isDay ? `${iso}T12:00:00+09:00` : iso)
    return Number.isNaN(date.getTime()) ? String(iso) : how(date)
  }
  const dayText = (iso: string | number): string =>
    dated(iso, (date) => `${day.format(date)} (${weekday.format(date)})`)
  return {
    won: (amountWon) => wonText(amountWon, language),
    instant: (iso) =>
      dated(iso, (date) =>
        (year.format(date) === year.format(Date.now()) ? short : long).format(date),
      ),
    time: (iso) => dated(iso, (date) => time.format(date)),
    day: dayText,
    lastDay: (endsAt) => dayText(Date.parse(endsAt) - 1),
    number: (value) => numbers.format(value),
    percent: (share) => percent.format(share),
  }
}
