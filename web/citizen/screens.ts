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
    path: '/app/join',
    screen: lazy(async () => ({ default: (await import('./join-screen.tsx')).JoinScreen })),
  },
  {
    path: '/app/join/:issuer',
    screen: lazy(async () => ({
      default: (await import('./join-issuer-screen.tsx')).JoinIssuerScreen,
    })),
  },
  {
    path: '/app/code',
    screen: lazy(async () => ({ default: (await import('./code-screen.tsx')).CodeScreen })),
  },
  {
    path: '/app/code/:issuer',
    screen: lazy(async () => ({ default: (await import('./code-screen.tsx')).CodeScreen })),
  },
  {
    path: '/app/:issuer/account',
    screen: lazy(async () => ({ default: (await import('./account-screen.tsx')).AccountScreen })),
  },
  {
    path: '/app/:issuer/security',
    screen: lazy(async () => ({ default: (await import('./security-screen.tsx')).SecurityScreen })),
  },
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
