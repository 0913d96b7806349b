/** The screens beyond the first, by their addresses: each is fetched when it is first opened. */
import { lazy, type ComponentType } from 'react'
import { furtherScreens } from './further-screens.ts'

export interface ScreenRoute {
  /** As wouter matches it; `:issuer` is a municipality's code. */
  readonly path: string
  readonly screen: ComponentType
}

export const screens: readonly ScreenRoute[] = [
  {
    path: '/app/history',
    screen: lazy(async () => ({ default: (await import('./history-screen.tsx')).HistoryScreen })),
  },
  {
    path: '/app/history/:issuer',
    screen: lazy(async () => ({ default: (await import('./history-screen.tsx')).HistoryScreen })),
  },
  {
    path: '/app/history/:issuer/:operation',
    screen: lazy(async () => ({ default: (await import('./receipt-screen.tsx')).ReceiptScreen })),
  },
  {
    path: '/app/:issuer/buy',
    screen: lazy(async () => ({ default: (await import('./buy-screen.tsx')).BuyScreen })),
  },
  {
    path: '/app/pay',
    screen: lazy(async () => ({ default: (await import('./pay-screen.tsx')).PayScreen })),
  },
  {
    path: '/app/more',
    screen: lazy(async () => ({ default: (await import('./more-screen.tsx')).MoreScreen })),
  },
  ...furtherScreens,
]
