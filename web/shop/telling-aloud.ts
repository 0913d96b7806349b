/**
 * Tells a sale by a short sound and a sentence. Several tabs may hear of the same sale: they take turns by a lock, and
 * what one has told is written down, so that no tab tells it again, today or after a restart.
 */
import { get, set } from 'idb-keyval'
import { storeOf } from '../api/device-key.ts'
import { serverNow } from '../api/server-clock.ts'
import { readPreferences } from '../ui/preferences.ts'
import type { Sale } from './sale-feed.ts'
import { spokenSale } from './spoken-won.ts'

const LOCK = 'shop-telling'
const TOLD = 'told-sales'
const TOLD_MAX = 500
/** What is older when it is heard of is shown, not told: the customer has left. */
const TOLD_AGE_MAX_MS = 10 * 60_000
/** No sentence takes longer; a voice that never ends must not keep the others from being told. */
const SENTENCE_MAX_MS = 8_000

/** Whether the browser lets this tab make a sound: somebody has touched it. */
export function maySound(): boolean {
  return navigator.userActivation?.hasBeenActive ?? true
}

export async function tellSale(sale: Sale): Promise<void> {
  const isOld = serverNow() - Date.parse(sale.bookedAt) > TOLD_AGE_MAX_MS
  const isMoney = sale.kind === 'payment' || sale.kind === 'cancellation' || sale.kind === 'capture'
  if (isOld || !isMoney || !maySound()) return
  await navigator.locks.request(LOCK, async () => {
    const told = (await get<string[]>(TOLD, storeOf('shop'))) ?? []
    if (told.includes(sale.operationId)) return
    await set(TOLD, [...told, sale.operationId].slice(-TOLD_MAX), storeOf('shop'))
    if (readPreferences().speech === 'off') return
    ring(sale.kind === 'cancellation' ? [660, 494] : [784, 1047])
    await say(spokenSale(sale))
  })
}

/** A sentence in Korean, whatever the language of the screen: it is for customers too. */
export function say(sentence: string): Promise<void> {
  if (!('speechSynthesis' in globalThis)) return Promise.resolve()
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(sentence)
    utterance.lang = 'ko-KR'
    const end = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(end, SENTENCE_MAX_MS)
    utterance.addEventListener('end', end)
    utterance.addEventListener('error', end)
    speechSynthesis.speak(utterance)
  })
}

let sounding: AudioContext | undefined

/** Notes one after another, as a small bell has them. */
export function ring(frequencies: readonly number[]): void {
  if (!('AudioContext' in globalThis)) return
  sounding ??= new AudioContext()
  const context = sounding
  void context.resume().catch(() => undefined)
  for (const [index, frequency] of frequencies.entries()) {
    const begins = context.currentTime + index * 0.14
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.frequency.value = frequency
    loudness.gain.setValueAtTime(0.0001, begins)
    loudness.gain.exponentialRampToValueAtTime(0.25, begins + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, begins + 0.4)
    tone.connect(loudness).connect(context.destination)
    tone.start(begins)
    tone.stop(begins + 0.42)
  }
}
